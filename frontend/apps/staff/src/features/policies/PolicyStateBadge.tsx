import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";

type Policy = components["schemas"]["Policy"];
type PolicyState = Policy["state"];

const TONES: Record<PolicyState, Tone> = {
  in_force: "good",
  upcoming: "pending",
  expired: "quiet",
  cancelled: "bad",
  not_bound: "quiet",
};

export interface PolicyStateBadgeProps {
  readonly policy: Pick<Policy, "state" | "cancelled_on">;
}

/** What a policy is worth today; a cancellation that is ahead is said before it bites. */
export function PolicyStateBadge({ policy }: PolicyStateBadgeProps) {
  const t = useMessages();
  const format = useFormat();
  const { state, cancelled_on: cancels } = policy;
  if (cancels && state !== "cancelled") {
    return <StatusBadge tone="warn">{t.policies.cancelsOn(format.date(cancels))}</StatusBadge>;
  }
  return <StatusBadge tone={TONES[state]}>{t.policies.states[state]}</StatusBadge>;
}
