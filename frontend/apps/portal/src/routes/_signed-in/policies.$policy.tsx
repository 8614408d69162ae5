import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { PolicyDetails } from "../../features/policies/PolicyDetails";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { NotFound } from "../../NotFound";
import { paths } from "../../paths";
import { policiesQuery } from "../../policies";
import { Screen } from "../../Screen";
import { insuredOf, useInsured } from "../../session";

export const Route = createFileRoute("/_signed-in/policies/$policy")({
  loader: ({ context }) => context.cache.query(policiesQuery(insuredOf(context.session).id)),
  component: Policy,
});

function Policy() {
  const t = useMessages();
  const { policy: id } = Route.useParams();
  const { data } = useSuspenseQuery(policiesQuery(useInsured().id));
  const policy = data.data.find((each) => each.id === id);
  if (policy === undefined) return <NotFound />;
  return (
    <Screen
      title={policy.line_label}
      back={<LinkAnchor {...paths.policies()}>{t.policies.back}</LinkAnchor>}
    >
      <PolicyDetails policy={policy} />
    </Screen>
  );
}
