import type { components } from "@countersign/api/schema";

type Policy = Pick<components["schemas"]["Policy"], "id" | "cancelled_on">;

/** The day from which a policy of a master covers nothing: the end of its term, or a cancellation before that. */
export function coverEnd(
  {
    policy_id,
    expires_on,
  }: Pick<components["schemas"]["MasterPolicy"], "policy_id" | "expires_on">,
  known: readonly Policy[],
): { readonly on: string; readonly cancelled: boolean } {
  const day = known.find((each) => each.id === policy_id)?.cancelled_on ?? null;
  return day !== null && day < expires_on
    ? { on: day, cancelled: true }
    : { on: expires_on, cancelled: false };
}
