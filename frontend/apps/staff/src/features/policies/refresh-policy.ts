import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import type { QueryClient } from "@tanstack/react-query";

/** Waits until a changed policy is read again; what its insured shows of it follows. */
export async function refreshPolicy(
  cache: QueryClient,
  record: Pick<components["schemas"]["PolicyRecord"], "id" | "insured_id">,
): Promise<void> {
  await invalidate(cache, "/v1/policies/{policy}", { policy: record.id });
  void invalidate(cache, "/v1/insureds/{insured}", { insured: record.insured_id });
}
