import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "./messages/MessagesProvider";

export type DeliveryState = components["schemas"]["DeliveryStateWord"];

const TONES: Record<DeliveryState, Tone> = {
  queued: "pending",
  sending: "pending",
  accepted: "good",
  deferred: "warn",
  failed: "bad",
};

/** Whether something still happens by itself. */
export function isMoving(delivery: { readonly state: DeliveryState } | null | undefined): boolean {
  const state = delivery?.state;
  return state === "queued" || state === "sending" || state === "deferred";
}

/** How far the mail got; "sent" only when the mail service has taken it. */
export function DeliveryBadge({
  delivery,
}: {
  readonly delivery: {
    readonly state: DeliveryState;
    readonly outcome?: components["schemas"]["OutcomeWord"] | null;
    readonly undone?: boolean;
  } | null;
}) {
  const t = useMessages();
  if (delivery === null) return <StatusBadge tone="quiet">{t.deliveries.none}</StatusBadge>;
  const { state, outcome, undone = false } = delivery;
  if (undone) return <StatusBadge tone="quiet">{t.deliveries.undone}</StatusBadge>;
  if (outcome === "bounced") return <StatusBadge tone="bad">{t.deliveries.bounced}</StatusBadge>;
  if (outcome === "delivered")
    return <StatusBadge tone="good">{t.deliveries.delivered}</StatusBadge>;
  return <StatusBadge tone={TONES[state]}>{t.deliveries[state]}</StatusBadge>;
}
