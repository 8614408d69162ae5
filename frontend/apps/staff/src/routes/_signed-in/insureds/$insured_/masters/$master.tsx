import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { MasterForm } from "../../../../../features/masters/MasterForm";
import { insuredQuery, masterQuery, policiesQuery } from "../../../../../insured";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { LinkButton } from "../../../../../LinkButton";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { useSession } from "../../../../../session";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/masters/$master")({
  loader: ({ context, params: { insured, master } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(policiesQuery(insured)),
      context.cache.query(masterQuery(master)),
    ]),
  component: EditMaster,
});

function EditMaster() {
  const t = useMessages();
  const { insured: id, master: masterId } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useSuspenseQuery(policiesQuery(id)).data.data;
  const master = useSuspenseQuery(masterQuery(masterId)).data;
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return (
    <Page
      title={master.name}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.masters(id)}>{t.masters.title}</LinkAnchor>
        </>
      }
      actions={
        <LinkButton {...paths.sendCertificate(id, { master: masterId })} variant="default">
          {t.certificates.sendWith}
        </LinkButton>
      }
    >
      <MasterForm
        key={master.version}
        draftKey={`${user.id} ${masterId} ${master.version}`}
        start={{
          name: master.name,
          sections: master.sections,
          description: master.description,
          authorized_representative: master.authorized_representative,
          portal_usable: master.portal_usable,
          include_in_renewals: master.include_in_renewals,
          valid_from: master.valid_from ?? null,
          valid_until: master.valid_until ?? null,
        }}
        policies={policies}
        submitLabel={t.masters.save}
        readOnlyReason={master.may.includes("edit") ? null : t.masters.mayNot}
        onCancel={() => void navigate(paths.masters(id))}
        onReload={() => void invalidate(cache, "/v1/masters/{master}", { master: masterId })}
        onSave={async (body) => {
          await client.PUT("/v1/masters/{master}", {
            params: { path: { master: masterId } },
            headers: ifMatch(master.version),
            body,
          });
          await navigate(paths.masters(id));
          void invalidate(cache, "/v1/masters/{master}", { master: masterId });
          void invalidate(cache, "/v1/insureds/{insured}", { insured: id });
          toastDone(t.masters.saved(body.name));
        }}
      />
    </Page>
  );
}
