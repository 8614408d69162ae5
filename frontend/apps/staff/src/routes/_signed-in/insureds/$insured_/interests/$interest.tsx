import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { interestValues } from "../../../../../features/interests/interest-values";
import { InterestForm } from "../../../../../features/interests/InterestForm";
import { insuredQuery, policiesQuery } from "../../../../../insured";
import { interestQuery } from "../../../../../interest";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";
import { useSession } from "../../../../../session";
import { useSeen } from "../../../../../use-seen";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/interests/$interest")({
  loader: {
    handler: ({ context, params: { insured, interest } }) =>
      Promise.all([
        context.cache.query(insuredQuery(insured)),
        context.cache.query(policiesQuery(insured)),
        context.cache.query(interestQuery(insured, interest)),
      ]),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditInterest,
});

function EditInterest() {
  const t = useMessages();
  const { insured: id, interest: interestId } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useSuspenseQuery(policiesQuery(id)).data.data;
  const [interest] = useSeen(useSuspenseQuery(interestQuery(id, interestId)).data);
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return (
    <Page
      title={interest.name}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.interests(id)}>{t.interests.title}</LinkAnchor>
        </>
      }
    >
      {interest.may.includes("edit") ? (
        <InterestForm
          key={interest.version}
          draftKey={`${user.id} ${interestId} ${interest.version}`}
          start={interestValues(interest)}
          record={interest}
          policies={policies}
          submitLabel={t.interests.save}
          onCancel={() => void navigate(paths.interests(id))}
          onSave={async (body, version) => {
            await client.PUT("/v1/insureds/{insured}/interests/{interest}", {
              params: { path: { insured: id, interest: interestId }, header: ifMatch(version) },
              body,
            });
            void invalidate(cache, "/v1/insureds/{insured}", { insured: id });
            void invalidate(cache, "/v1/holders");
            toastDone(t.interests.saved(body.name));
            await navigate({ ...paths.interests(id), ignoreBlocker: true });
          }}
        />
      ) : (
        <GuardedButton
          reason={interest.state === "ended" ? t.interests.whyNot.ended : t.interests.mayNot}
        >
          {t.interests.save}
        </GuardedButton>
      )}
    </Page>
  );
}
