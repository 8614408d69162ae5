import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";

type PolicyState = components["schemas"]["PolicyState"];

const TONES: Record<PolicyState, Tone> = {
  in_force: "good",
  upcoming: "pending",
  expired: "quiet",
  cancelled: "bad",
  not_bound: "quiet",
};

export interface PolicyStateBadgeProps {
  readonly state: PolicyState;
}

export function PolicyStateBadge({ state }: PolicyStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={TONES[state]}>{t.policies.states[state]}</StatusBadge>;
}
