import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "./messages/MessagesProvider";

type DeliveryState = components["schemas"]["DeliveryStateWord"];
type Outcome = components["schemas"]["OutcomeWord"];

const TONES: Record<DeliveryState, Tone> = {
  queued: "pending",
  sending: "pending",
  accepted: "good",
  deferred: "warn",
  failed: "bad",
};

const OUTCOMES: Record<Outcome, Tone> = {
  delivered: "good",
  deferred: "warn",
  bounced: "bad",
  complained: "warn",
};

export interface DeliveryBadgeProps {
  /** Null: no mail was asked for. */
  readonly delivery: {
    readonly state: DeliveryState;
    readonly outcome?: Outcome | null;
    readonly undone?: boolean;
  } | null;
  readonly at?: string | null;
}

/** How far the mail got; "accepted" only when the relay has taken it, and what it told since then. */
export function DeliveryBadge({ delivery, at }: DeliveryBadgeProps) {
  const t = useMessages();
  const format = useFormat();
  if (delivery === null) return <StatusBadge tone="quiet">{t.deliveries.none}</StatusBadge>;
  const { state, outcome, undone = false } = delivery;
  if (undone) return <StatusBadge tone="quiet">{t.deliveries.undone}</StatusBadge>;
  if (outcome) {
    return <StatusBadge tone={OUTCOMES[outcome]}>{t.deliveries.outcomes[outcome]}</StatusBadge>;
  }
  return (
    <StatusBadge tone={TONES[state]}>
      {t.deliveries.states[state]}
      {at ? ` ${format.ago(at)}` : ""}
    </StatusBadge>
  );
}
