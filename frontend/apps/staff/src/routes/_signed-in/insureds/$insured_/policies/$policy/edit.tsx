import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { PolicyForm } from "../../../../../../features/policies/PolicyForm";
import { insuredQuery, policyQuery } from "../../../../../../insured";
import { LinkAnchor } from "../../../../../../LinkAnchor";
import { useMessages } from "../../../../../../messages/MessagesProvider";
import { paths } from "../../../../../../paths";
import { useSession } from "../../../../../../session";
import { useSeen } from "../../../../../../use-seen";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/policies/$policy/edit")({
  loader: {
    handler: ({ context, params: { insured, policy } }) =>
      Promise.all([
        context.cache.query(insuredQuery(insured)),
        context.cache.query(policyQuery(policy)),
      ]),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditPolicy,
});

function EditPolicy() {
  const t = useMessages();
  const { insured: insuredId, policy: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(insuredId)).data;
  const [record] = useSeen(useSuspenseQuery(policyQuery(id)).data);
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return (
    <Page
      title={t.policies.editOf(record.policy.number)}
      product={t.product}
      width="form"
      trail={
        <>
          <LinkAnchor {...paths.insured(insuredId)}>{insured.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.policies(insuredId)}>{t.policies.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.policy(insuredId, id)}>{record.policy.number}</LinkAnchor>
        </>
      }
    >
      <PolicyForm
        draftKey={`${user.id} ${id} ${record.version}`}
        record={record}
        start={record.terms}
        submitLabel={t.policies.save}
        readOnlyReason={record.may.includes("edit") ? null : t.policies.mayNot}
        onCancel={() => void navigate(paths.policy(insuredId, id))}
        onSave={async (terms, version) => {
          await client.PUT("/v1/policies/{policy}", {
            params: { path: { policy: id }, header: ifMatch(version) },
            body: terms,
          });
          await invalidate(cache, "/v1/policies/{policy}", { policy: id });
          void invalidate(cache, "/v1/insureds/{insured}", { insured: insuredId });
          await navigate({ ...paths.policy(insuredId, id), ignoreBlocker: true });
          toastDone(t.policies.saved(terms.number));
        }}
      />
    </Page>
  );
}
