import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { PolicyPage } from "../../../../../features/policies/PolicyPage";
import { policyQuery } from "../../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/policies/$policy")({
  loader: ({ context, params: { policy } }) => context.cache.query(policyQuery(policy)),
  component: Policy,
});

function Policy() {
  const { policy } = Route.useParams();
  return <PolicyPage key={policy} record={useSuspenseQuery(policyQuery(policy)).data} />;
}
