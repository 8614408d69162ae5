import { problemOf } from "@countersign/api/problem";
import { useQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { PolicyDrawer } from "../../../../features/policies/PolicyDrawer";
import { inReadingOrder, PolicyTable } from "../../../../features/policies/PolicyTable";
import { policiesQuery } from "../../../../insured";
import { present, textParam } from "../../../../search-params";

export const Route = createFileRoute("/_signed-in/insureds/$insured/policies")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ policy: textParam(search["policy"]) }),
  component: Policies,
});

function Policies() {
  const { insured } = Route.useParams();
  const { policy: open } = Route.useSearch();
  const navigate = useNavigate();
  const list = useQuery(policiesQuery(insured));
  const policies = useMemo(
    () => (list.data === undefined ? undefined : inReadingOrder(list.data.data)),
    [list.data],
  );
  const show = useCallback(
    (policy: string | null) =>
      void navigate({
        to: "/insureds/$insured/policies",
        params: { insured },
        search: policy === null ? {} : { policy },
      }),
    [navigate, insured],
  );
  const onOpen = useCallback((policy: { id: string }) => show(policy.id), [show]);
  return (
    <>
      <PolicyTable
        policies={policies}
        onOpen={onOpen}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
      />
      <PolicyDrawer
        policy={policies?.find((policy) => policy.id === open) ?? null}
        onClose={() => show(null)}
      />
    </>
  );
}
