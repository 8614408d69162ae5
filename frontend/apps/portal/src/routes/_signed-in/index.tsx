import { usePolling } from "@countersign/api/polling";
import { api } from "@countersign/api/query";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Coverage } from "../../features/home/Coverage";
import { LastHappened } from "../../features/home/LastHappened";
import { Tiles } from "../../features/home/Tiles";
import { Screen } from "../../Screen";
import { useAccess } from "../../session";

const home = api.queryOptions("get", "/v1/portal/home");

export const Route = createFileRoute("/_signed-in/")({
  loader: ({ context }) => context.cache.query(home),
  component: Home,
});

function Home() {
  const access = useAccess();
  const every = usePolling();
  const { data } = useSuspenseQuery({
    ...home,
    refetchInterval: (query) =>
      every(query.state.data?.recent_certificates.map((row) => row.delivery) ?? [], 4_000),
  });
  return (
    <Screen title={data.insured.name}>
      {data.policies ? <Coverage policies={data.policies} agencyName={data.agency.name} /> : null}
      <Tiles agency={data.agency} />
      {access.certificates ? <LastHappened certificates={data.recent_certificates} /> : null}
    </Screen>
  );
}
