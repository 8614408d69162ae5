import { api } from "@countersign/api/query";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { AgencyProfile } from "../../../features/agency/AgencyProfile";
import { useSession } from "../../../session";
import { useSeen } from "../../../use-seen";

const query = api.queryOptions("get", "/v1/agency");

export const Route = createFileRoute("/_signed-in/settings/agency")({
  loader: {
    handler: ({ context }) => context.cache.query(query),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: AgencyRoute,
});

function AgencyRoute() {
  const { user } = useSession();
  const [agency, look] = useSeen(useSuspenseQuery(query).data);
  return (
    <AgencyProfile
      key={agency.version}
      draftKey={`${user.id} ${agency.version}`}
      agency={agency}
      onSaved={look}
    />
  );
}
