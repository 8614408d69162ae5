import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";
import type { MasterStanding } from "../../master-standing";

const TONES: Record<MasterStanding, Tone> = {
  current: "good",
  expiring: "warn",
  upcoming: "pending",
  expired: "quiet",
  cancelled: "quiet",
};

export interface MasterStateBadgeProps {
  readonly standing: MasterStanding;
}

export function MasterStateBadge({ standing }: MasterStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={TONES[standing]}>{t.masters.states[standing]}</StatusBadge>;
}
