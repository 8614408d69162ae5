import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { HolderForm } from "../../../../features/holders/HolderForm";
import { holderQuery } from "../../../../holder";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { useSession } from "../../../../session";
import { useSeen } from "../../../../use-seen";

export const Route = createFileRoute("/_signed-in/holders/$holder_/edit")({
  loader: {
    handler: ({ context, params }) => context.cache.query(holderQuery(params.holder)),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditHolder,
});

function EditHolder() {
  const t = useMessages();
  const { holder: id } = Route.useParams();
  const [holder] = useSeen(useSuspenseQuery(holderQuery(id)).data);
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return (
    <Page
      title={t.holders.edit}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.holder(id)}>{holder.name}</LinkAnchor>
        </>
      }
    >
      {holder.may.includes("edit") ? (
        <HolderForm
          key={holder.version}
          draftKey={`${user.id} ${id} ${holder.version}`}
          record={holder}
          submitLabel={t.holders.save}
          onCancel={() => void navigate(paths.holder(id))}
          onSave={async (body, version) => {
            await client.PUT("/v1/holders/{holder}", {
              params: { path: { holder: id }, header: ifMatch(version) },
              body,
            });
            void invalidate(cache, "/v1/holders");
            toastDone(t.holders.saved(body.name));
            await navigate({ ...paths.holder(id), ignoreBlocker: true });
          }}
        />
      ) : (
        <GuardedButton reason={t.holders.mayNotEdit}>{t.holders.save}</GuardedButton>
      )}
    </Page>
  );
}
