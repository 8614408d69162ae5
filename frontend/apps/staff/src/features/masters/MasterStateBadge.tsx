import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";

type MasterState = components["schemas"]["MasterState"];

const TONES: Record<MasterState, Tone> = {
  current: "good",
  expiring: "warn",
  upcoming: "pending",
  expired: "quiet",
};

export interface MasterStateBadgeProps {
  readonly state: MasterState;
}

export function MasterStateBadge({ state }: MasterStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={TONES[state]}>{t.masters.states[state]}</StatusBadge>;
}
