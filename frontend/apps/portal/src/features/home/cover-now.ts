import type { components } from "@countersign/api/schema";

export type PortalPolicy = components["schemas"]["PortalPolicy"];

/** Longer ago than this, an ended policy says nothing about today. */
const STILL_NEWS_DAYS = 180;

export interface CoverNow {
  readonly inForce: readonly { readonly policy: PortalPolicy; readonly renewedOn: string | null }[];
  /** What has not begun and renews nothing that is in force. */
  readonly upcoming: readonly PortalPolicy[];
  /** Lines that nothing in force covers any more, by their last policy. */
  readonly lapsed: readonly PortalPolicy[];
}

/** The day on which cover ends: by a cancellation, or with the term. */
function endOf(policy: PortalPolicy): string {
  return policy.cancelled_on ?? policy.expires_on;
}

function byEnd(one: PortalPolicy, other: PortalPolicy): number {
  return endOf(one).localeCompare(endOf(other));
}

/** What a person wants to know of their policies before starting work today. */
export function coverNow(policies: readonly PortalPolicy[], today: string): CoverNow {
  const inForce = policies.filter((policy) => policy.state === "in_force").toSorted(byEnd);
  const covered = new Set(inForce.map((policy) => policy.line_label));
  const oldest = Date.parse(today) - STILL_NEWS_DAYS * 86_400_000;
  const last = new Map<string, PortalPolicy>();
  for (const policy of policies.toSorted(byEnd)) {
    const over = policy.state === "expired" || policy.state === "cancelled";
    if (!over || covered.has(policy.line_label)) continue;
    if (Date.parse(endOf(policy)) >= oldest) last.set(policy.line_label, policy);
  }
  const upcoming = policies
    .filter((policy) => policy.state === "upcoming")
    .toSorted((one, other) => one.effective_on.localeCompare(other.effective_on));
  const renewalOf = (policy: PortalPolicy) =>
    upcoming.find(
      (next) => next.line_label === policy.line_label && next.effective_on === endOf(policy),
    );
  const renewals = new Set(inForce.map(renewalOf));
  return {
    inForce: inForce.map((policy) => ({
      policy,
      renewedOn: renewalOf(policy)?.effective_on ?? null,
    })),
    upcoming: upcoming.filter((policy) => !renewals.has(policy)),
    lapsed: [...last.values()],
  };
}
