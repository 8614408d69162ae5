import { api } from "@countersign/api/query";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { AgencyProfile } from "../../../features/agency/AgencyProfile";

const query = api.queryOptions("get", "/v1/agency");

export const Route = createFileRoute("/_signed-in/settings/agency")({
  loader: ({ context }) => context.cache.query(query),
  component: AgencyRoute,
});

function AgencyRoute() {
  const agency = useSuspenseQuery(query).data;
  return <AgencyProfile key={agency.version} agency={agency} />;
}
