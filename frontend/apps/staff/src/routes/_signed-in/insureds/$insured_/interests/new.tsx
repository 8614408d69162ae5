import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { emptyInterest } from "../../../../../features/interests/interest-values";
import { InterestForm } from "../../../../../features/interests/InterestForm";
import { insuredQuery, policiesQuery } from "../../../../../insured";
import { interestsQuery } from "../../../../../interest";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";
import { useSession } from "../../../../../session";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/interests/new")({
  loader: ({ context, params: { insured } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(policiesQuery(insured)),
      context.cache.query(interestsQuery(insured)),
    ]),
  component: NewInterest,
});

function NewInterest() {
  const t = useMessages();
  const format = useFormat();
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useSuspenseQuery(policiesQuery(id)).data.data;
  const { may } = useSuspenseQuery(interestsQuery(id)).data;
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  return (
    <Page
      title={t.interests.add}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.interests(id)}>{t.interests.title}</LinkAnchor>
        </>
      }
    >
      {may.includes("add") ? (
        <InterestForm
          draftKey={`${user.id} ${id} new`}
          start={emptyInterest(format.today())}
          record={null}
          policies={policies}
          submitLabel={t.interests.create}
          onCancel={() => void navigate(paths.interests(id))}
          onSave={async (body) => {
            try {
              await client.POST("/v1/insureds/{insured}/interests", {
                params: { path: { insured: id } },
                headers: { "Idempotency-Key": intent.key(body) },
                body,
              });
              intent.settle();
              void invalidate(cache, "/v1/insureds/{insured}", { insured: id });
              void invalidate(cache, "/v1/holders");
              toastDone(t.interests.created(body.name));
              await navigate({ ...paths.interests(id), ignoreBlocker: true });
            } catch (thrown) {
              intent.settle(problemOf(thrown));
              throw thrown;
            }
          }}
        />
      ) : (
        <GuardedButton reason={t.interests.mayNot}>{t.interests.create}</GuardedButton>
      )}
    </Page>
  );
}
