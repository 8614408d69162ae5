import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "./messages/MessagesProvider";

export type DeliveryState = components["schemas"]["DeliveryState"];

const TONES: Record<DeliveryState, Tone> = {
  queued: "pending",
  sending: "pending",
  accepted: "good",
  deferred: "warn",
  bounced: "bad",
  failed: "bad",
  unknown: "warn",
  none: "quiet",
};

/** Whether something still happens by itself. */
export function isMoving(state: DeliveryState): boolean {
  return state === "queued" || state === "sending" || state === "deferred";
}

/** How far the mail got; "sent" only when the mail service has taken it. */
export function DeliveryBadge({ state }: { readonly state: DeliveryState }) {
  const t = useMessages();
  return <StatusBadge tone={TONES[state]}>{t.deliveries[state]}</StatusBadge>;
}
