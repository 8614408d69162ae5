import { problemOf } from "@countersign/api/problem";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { InsuredOverview } from "../../../../features/insureds/InsuredOverview";
import { CoverNow } from "../../../../features/policies/CoverNow";
import { insuredQuery, policiesQuery } from "../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/")({ component: Overview });

function Overview() {
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const policies = useQuery(policiesQuery(id));
  return (
    <InsuredOverview insured={insured}>
      <CoverNow
        insured={id}
        policies={policies.data?.data}
        problem={policies.error === null ? null : problemOf(policies.error)}
        onRetry={() => void policies.refetch()}
      />
    </InsuredOverview>
  );
}
