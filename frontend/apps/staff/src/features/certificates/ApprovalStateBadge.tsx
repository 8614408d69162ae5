import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";

type ApprovalState = components["schemas"]["ApprovalStateWord"];

const TONES: Record<ApprovalState, Tone> = {
  waiting: "pending",
  approved: "good",
  declined: "bad",
};

export interface ApprovalStateBadgeProps {
  readonly state: ApprovalState;
}

export function ApprovalStateBadge({ state }: ApprovalStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={TONES[state]}>{t.approvals.states[state]}</StatusBadge>;
}
