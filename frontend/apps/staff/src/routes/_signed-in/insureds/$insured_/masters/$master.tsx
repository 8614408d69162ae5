import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { bodyOf } from "../../../../../features/masters/master-facts";
import { MasterForm } from "../../../../../features/masters/MasterForm";
import { NewTerms } from "../../../../../features/masters/NewTerms";
import { insuredQuery, masterQuery, policiesQuery } from "../../../../../insured";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { LinkButton } from "../../../../../LinkButton";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";
import { insideParam, present } from "../../../../../search-params";
import { useSession } from "../../../../../session";
import { useSeen } from "../../../../../use-seen";
import { useWayBack } from "../../../../../use-way-back";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/masters/$master")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ back: insideParam(search["back"]) }),
  loader: {
    handler: ({ context, params: { insured, master } }) =>
      Promise.all([
        context.cache.query(insuredQuery(insured)),
        context.cache.query(policiesQuery(insured)),
        context.cache.query(masterQuery(master)),
      ]),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditMaster,
});

function EditMaster() {
  const t = useMessages();
  const { insured: id, master: masterId } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useSuspenseQuery(policiesQuery(id)).data.data;
  const { back } = Route.useSearch();
  const current = useSuspenseQuery(masterQuery(masterId)).data;
  const [master, look] = useSeen(current);
  const { user } = useSession();
  const cache = useQueryClient();
  const leave = useWayBack(back, paths.masters(id));
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
        insured.may.includes("send_certificate") ? (
          <LinkButton {...paths.sendCertificate(id, { master: masterId })} variant="default">
            {t.certificates.sendWith}
          </LinkButton>
        ) : (
          <GuardedButton reason={t.certificates.whyNot.resend} variant="default">
            {t.certificates.sendWith}
          </GuardedButton>
        )
      }
    >
      <MasterForm
        key={master.version}
        draftKey={`${user.id} ${masterId} ${master.version}`}
        record={master}
        notice={(dirty) => <NewTerms master={current} dirty={dirty} onFollowed={look} />}
        start={bodyOf(master)}
        insured={id}
        policies={policies}
        submitLabel={t.masters.save}
        readOnlyReason={master.may.includes("edit") ? null : t.masters.mayNot}
        onCancel={() => void leave(false)}
        onSave={async (body, version) => {
          await client.PUT("/v1/masters/{master}", {
            params: { path: { master: masterId }, header: ifMatch(version) },
            body,
          });
          // Before the next page, which may lead back here at once.
          void invalidate(cache, "/v1/masters/{master}", { master: masterId });
          void invalidate(cache, "/v1/insureds/{insured}", { insured: id });
          await leave(true);
          toastDone(t.masters.saved(body.name));
        }}
      />
    </Page>
  );
}
