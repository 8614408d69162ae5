import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { useEffect, useMemo } from "react";

export interface PolicyHoldersRead {
  /** As far as they were read, by name. */
  readonly holders: readonly components["schemas"]["PolicyHolder"][];
  /** Every one of them was read. */
  readonly complete: boolean;
  /** Nothing of it is being read, so that nobody who was told since stands there as if not. */
  readonly settled: boolean;
  readonly problem: ProblemError | null;
  /** Reads on where it stopped. */
  readonly onRetry: () => void;
  /** Reads all of them anew. */
  readonly readAnew: () => Promise<unknown>;
}

/** All who hold a live certificate that names a policy, however many pages they fill: it reads on by itself. */
export function usePolicyHolders(policy: string): PolicyHoldersRead {
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/holders",
    { params: { path: { policy }, query: { limit: 200 } } },
    // Many pages are not read again because somebody looks back; the server refuses who was told meanwhile.
    { ...byCursor, refetchOnWindowFocus: false },
  );
  const { fetchNextPage, hasNextPage, isFetching, isError } = list;
  useEffect(() => {
    // After a failure the person says when to go on.
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const holders = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const complete = list.data !== undefined && !hasNextPage;
  return {
    holders,
    complete,
    settled: complete && !isFetching,
    problem: list.error === null || complete ? null : problemOf(list.error),
    onRetry: () => void (list.isFetchNextPageError ? fetchNextPage() : list.refetch()),
    readAnew: () => list.refetch(),
  };
}
