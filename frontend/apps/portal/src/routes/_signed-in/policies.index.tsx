import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { PolicyList } from "../../features/policies/PolicyList";
import { useMessages } from "../../messages/MessagesProvider";
import { policiesQuery } from "../../policies";
import { Screen } from "../../Screen";
import { insuredOf, useInsured, useSession } from "../../session";

export const Route = createFileRoute("/_signed-in/policies/")({
  loader: ({ context }) => context.cache.query(policiesQuery(insuredOf(context.session).id)),
  component: Policies,
});

function Policies() {
  const t = useMessages();
  const { agency } = useSession();
  const { data } = useSuspenseQuery(policiesQuery(useInsured().id));
  return (
    <Screen title={t.policies.title} intro={t.policies.intro(agency.name)}>
      <PolicyList policies={data.data} />
    </Screen>
  );
}
