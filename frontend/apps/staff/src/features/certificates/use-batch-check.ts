import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

type CheckBody = components["schemas"]["CheckBody"];
type CheckedRow = components["schemas"]["CheckedRow"];

export interface BatchCheck {
  /** By holder; those that were not checked yet are missing. */
  readonly rows: ReadonlyMap<string, CheckedRow>;
  readonly loading: boolean;
  readonly problem: ProblemError | null;
  readonly again: () => void;
}

/** What the gate finds about every row of a sending to many holders, in one question. */
export function useBatchCheck(insured: string, body: CheckBody | null): BatchCheck {
  const query = useQuery({
    queryKey: ["check of a batch", insured, body],
    queryFn: async ({ signal }) => {
      if (body === null) throw new Error("there is nothing to check");
      const { data } = await client.POST("/v1/insureds/{insured}/batches/check", {
        params: { path: { insured } },
        body,
        signal,
      });
      if (data === undefined) throw new Error("the server answered a check without rows");
      return data;
    },
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchOnMount: "always",
    gcTime: 120_000,
  });
  const rows = useMemo(
    () => new Map((query.data?.rows ?? []).map((row) => [row.holder_id, row])),
    [query.data],
  );
  return {
    rows,
    loading: query.isFetching,
    problem: query.error === null ? null : problemOf(query.error),
    again: () => void query.refetch(),
  };
}
