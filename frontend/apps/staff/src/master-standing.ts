import type { components } from "@countersign/api/schema";

type Master = components["schemas"]["Master"];

export type MasterStanding = Master["state"] | "cancelled";

/**
 * How a master stands, in the word that the person needs. To the server a master is expired as soon as nothing can be
 * sent from it; where a cancellation did that, no term has run out on the day of its end, nor has the master itself.
 */
export function standingOf(
  master: Pick<Master, "state" | "earliest_expiration_on" | "valid_until" | "policies">,
): MasterStanding {
  const { state, earliest_expiration_on: end, valid_until: lastDay, policies } = master;
  if (state !== "expired" || !end) return state;
  const cancelled =
    policies.some((policy) => policy.state === "cancelled") &&
    policies.every((policy) => policy.expires_on !== end) &&
    (!lastDay || lastDay >= end);
  return cancelled ? "cancelled" : state;
}
