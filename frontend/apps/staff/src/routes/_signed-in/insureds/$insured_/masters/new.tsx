import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { MasterForm } from "../../../../../features/masters/MasterForm";
import { insuredQuery, policiesQuery } from "../../../../../insured";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { useSession } from "../../../../../session";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/masters/new")({
  loader: ({ context, params: { insured } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(policiesQuery(insured)),
      context.cache.query(api.queryOptions("get", "/v1/agency")),
    ]),
  component: NewMaster,
});

function NewMaster() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useSuspenseQuery(policiesQuery(id)).data.data;
  const agency = useSuspenseQuery(api.queryOptions("get", "/v1/agency")).data;
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  return (
    <Page
      title={t.masters.add}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.masters(id)}>{t.masters.title}</LinkAnchor>
        </>
      }
    >
      <MasterForm
        draftKey={`${user.id} ${id} new`}
        start={{
          name: "",
          sections: {},
          description: "",
          authorized_representative: agency.authorized_representative ?? "",
          portal_usable: false,
          include_in_renewals: true,
        }}
        record={null}
        insured={id}
        policies={policies}
        submitLabel={t.masters.create}
        readOnlyReason={insured.may.includes("create_master") ? null : t.masters.mayNot}
        onCancel={() => void navigate(paths.masters(id))}
        onSave={async (body) => {
          try {
            await client.POST("/v1/insureds/{insured}/masters", {
              params: { path: { insured: id } },
              headers: { "Idempotency-Key": intent.key(body) },
              body,
            });
            intent.settle();
            void invalidate(cache, "/v1/insureds/{insured}", { insured: id });
            toastDone(t.masters.saved(body.name));
            await navigate({ ...paths.masters(id), ignoreBlocker: true });
          } catch (thrown) {
            intent.settle(problemOf(thrown));
            throw thrown;
          }
        }}
      />
    </Page>
  );
}
