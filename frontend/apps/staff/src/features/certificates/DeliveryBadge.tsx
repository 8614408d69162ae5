import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";

type DeliveryState = components["schemas"]["DeliveryStateWord"];

const TONES: Record<DeliveryState, Tone> = {
  queued: "pending",
  sending: "pending",
  accepted: "good",
  deferred: "warn",
  failed: "bad",
};

export interface DeliveryBadgeProps {
  /** Null: no mail was asked for. */
  readonly state: DeliveryState | null;
  readonly at?: string | null;
}

/** How far the mail got; "accepted" only when the receiving relay has taken it. */
export function DeliveryBadge({ state, at }: DeliveryBadgeProps) {
  const t = useMessages();
  const format = useFormat();
  if (state === null) return <StatusBadge tone="quiet">{t.deliveries.none}</StatusBadge>;
  return (
    <StatusBadge tone={TONES[state]}>
      {t.deliveries.states[state]}
      {at ? ` ${format.ago(at)}` : ""}
    </StatusBadge>
  );
}
