import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";

type DeliveryState = components["schemas"]["DeliveryState"];

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

/** States after which nothing more happens by itself. */
export function isPending(state: DeliveryState): boolean {
  return state === "queued" || state === "sending" || state === "deferred";
}

export interface DeliveryBadgeProps {
  readonly state: DeliveryState;
  readonly at?: string | null;
}

/** How far the mail got; "accepted" only when the receiving relay has taken it. */
export function DeliveryBadge({ state, at }: DeliveryBadgeProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <StatusBadge tone={TONES[state]}>
      {t.deliveries.states[state]}
      {at && state !== "none" ? ` ${format.ago(at)}` : ""}
    </StatusBadge>
  );
}
