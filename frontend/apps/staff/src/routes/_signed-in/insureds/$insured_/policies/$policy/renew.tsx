import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { nextTerm } from "../../../../../../features/policies/next-term";
import { PolicyForm } from "../../../../../../features/policies/PolicyForm";
import { insuredQuery, policyQuery } from "../../../../../../insured";
import { LinkAnchor } from "../../../../../../LinkAnchor";
import { useMessages } from "../../../../../../messages/MessagesProvider";
import { paths } from "../../../../../../paths";
import { useSession } from "../../../../../../session";
import { useSeen } from "../../../../../../use-seen";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/policies/$policy/renew")({
  loader: {
    handler: ({ context, params: { insured, policy } }) =>
      Promise.all([
        context.cache.query(insuredQuery(insured)),
        context.cache.query(policyQuery(policy)),
      ]),
    staleReloadMode: "blocking",
  },
  component: RenewPolicy,
});

function whyNot(
  record: { readonly may: readonly string[]; readonly next_term?: unknown },
  t: ReturnType<typeof useMessages>,
): string | null {
  if (!record.may.includes("edit")) return t.policies.mayNot;
  return record.next_term ? t.policies.renewedAlready : null;
}

function RenewPolicy() {
  const t = useMessages();
  const { insured: insuredId, policy: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(insuredId)).data;
  const [record] = useSeen(useSuspenseQuery(policyQuery(id)).data);
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const format = useFormat();
  const [intent] = useState(() => new Intent());
  return (
    <Page
      title={t.policies.renewOf(record.policy.number)}
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
        draftKey={`${user.id} ${id} renewal`}
        record={record}
        renewal
        start={nextTerm(record.terms, format.today())}
        submitLabel={t.policies.renew}
        readOnlyReason={whyNot(record, t)}
        onCancel={() => void navigate(paths.policy(insuredId, id))}
        onSave={async (terms, _version, carried) => {
          const body = {
            terms,
            endorsements: [...carried.endorsements],
            vehicles: carried.vehicles,
          };
          try {
            const renewed = await client.POST("/v1/policies/{policy}/renewal", {
              params: { path: { policy: id } },
              headers: { "Idempotency-Key": intent.key(body) },
              body,
            });
            intent.settle();
            void invalidate(cache, "/v1/policies/{policy}", { policy: id });
            void invalidate(cache, "/v1/insureds/{insured}", { insured: insuredId });
            await navigate({
              ...paths.policy(insuredId, renewed.data?.id ?? id),
              ignoreBlocker: true,
            });
            toastDone(t.policies.renewed(terms.number));
          } catch (thrown) {
            intent.settle(problemOf(thrown));
            throw thrown;
          }
        }}
      />
    </Page>
  );
}
