import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { InsuredForm } from "../../../../features/insureds/InsuredForm";
import { insuredQuery } from "../../../../insured";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { insideParam, present } from "../../../../search-params";
import { useSession } from "../../../../session";
import { useSeen } from "../../../../use-seen";
import { useWayBack } from "../../../../use-way-back";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/edit")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ back: insideParam(search["back"]) }),
  loader: {
    handler: ({ context, params }) => context.cache.query(insuredQuery(params.insured)),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditInsured,
});

function EditInsured() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const { back } = Route.useSearch();
  const [insured] = useSeen(useSuspenseQuery(insuredQuery(id)).data);
  const { user } = useSession();
  const cache = useQueryClient();
  const leave = useWayBack(back, paths.insured(id));
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
          record={insured}
          submitLabel={t.insureds.save}
          onCancel={() => void leave(false)}
          onSave={async (body, version) => {
            await client.PUT("/v1/insureds/{insured}", {
              params: { path: { insured: id }, header: ifMatch(version) },
              body,
            });
            // Before the next page, which may lead back here at once.
            void invalidate(cache, "/v1/insureds");
            await leave(true);
            toastDone(t.insureds.saved(body.name));
          }}
        />
      ) : (
        <GuardedButton reason={t.insureds.mayNotEdit}>{t.insureds.save}</GuardedButton>
      )}
    </Page>
  );
}
