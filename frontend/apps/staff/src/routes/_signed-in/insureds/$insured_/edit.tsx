import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { InsuredForm } from "../../../../features/insureds/InsuredForm";
import { insuredQuery } from "../../../../insured";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { useSession } from "../../../../session";
import { paths } from "../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/edit")({
  loader: ({ context, params }) => context.cache.query(insuredQuery(params.insured)),
  component: EditInsured,
});

function EditInsured() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const back = () => void navigate(paths.insured(id));
  return (
    <Page
      title={t.insureds.edit}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
        </>
      }
    >
      {insured.may.includes("edit") ? (
        <InsuredForm
          key={insured.version}
          draftKey={`${user.id} ${id} ${insured.version}`}
          start={insured}
          submitLabel={t.insureds.save}
          onCancel={back}
          onReload={() => void invalidate(cache, "/v1/insureds/{insured}", { insured: id })}
          onSave={async (body) => {
            await client.PUT("/v1/insureds/{insured}", {
              params: { path: { insured: id } },
              headers: ifMatch(insured.version),
              body,
            });
            await navigate(paths.insured(id));
            void invalidate(cache, "/v1/insureds");
            toastDone(t.insureds.saved(body.name));
          }}
        />
      ) : (
        <GuardedButton reason={t.insureds.mayNotEdit}>{t.insureds.save}</GuardedButton>
      )}
    </Page>
  );
}
