import { problemOf } from "@countersign/api/problem";
import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { PolicyTable } from "../../../../../features/policies/PolicyTable";
import { policiesQuery } from "../../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/policies/")({
  component: Policies,
});

function Policies() {
  const { insured } = Route.useParams();
  const list = useQuery(policiesQuery(insured));
  return (
    <PolicyTable
      insured={insured}
      policies={list.data?.data}
      problem={list.error === null ? null : problemOf(list.error)}
      onRetry={() => void list.refetch()}
    />
  );
}
