import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import type { Fact, Parts } from "../../conflict-rows";
import type { Messages } from "../../messages/en";

/** A cancellation as the dialog holds it. */
export interface Cancellation {
  readonly day: string | null;
  readonly reason: string;
}

/** The cancellation on file; of a policy that is not cancelled, nothing. */
export function cancellationOf({ policy }: components["schemas"]["PolicyRecord"]): Cancellation {
  return { day: policy.cancelled_on ?? null, reason: policy.cancel_reason ?? "" };
}

/** The parts of a cancellation that are kept or taken over as a whole. */
export const CANCELLATION_PARTS = {
  day: ["day"],
  reason: ["reason"],
} as const satisfies Parts<Cancellation>;

export function cancellationFacts(of: Cancellation, t: Messages, format: Format): Fact[] {
  const p = t.policies;
  return [
    { unit: "day", label: p.cancelDay, value: of.day === null ? "" : format.date(of.day) },
    { unit: "reason", label: p.cancelReason, value: of.reason.trim() },
  ];
}
