import { useCallback, useSyncExternalStore } from "react";
import type { components } from "./schema";

type Delivery = { readonly state: components["schemas"]["DeliveryStateWord"] };

/** A mail that its receiver delays is tried again after minutes and hours. */
const DELAYED = 60_000;
/** Each answer keeps the session alive, which a page that nobody looks at must not do. */
const UNATTENDED = 2 * 60_000;

const INPUTS = ["pointerdown", "pointermove", "wheel", "keydown", "touchstart"] as const;

let lastInput = Date.now();
let returns = 0;
const waiting = new Set<() => void>();

function input() {
  const now = Date.now();
  const back = now - lastInput > UNATTENDED;
  lastInput = now;
  if (!back) return;
  returns += 1;
  for (const listener of waiting) listener();
}

function subscribe(listener: () => void): () => void {
  if (waiting.size === 0) {
    lastInput = Date.now();
    for (const kind of INPUTS) addEventListener(kind, input, { capture: true, passive: true });
  }
  waiting.add(listener);
  return () => {
    waiting.delete(listener);
    if (waiting.size > 0) return;
    for (const kind of INPUTS) removeEventListener(kind, input, { capture: true });
  };
}

/** How soon to ask again how far the mail got; false when nothing more happens by itself. */
export function pollingInterval(
  deliveries: Iterable<Delivery | null | undefined>,
  soon: number,
  idle: number,
): number | false {
  if (idle > UNATTENDED) return false;
  let delayed = false;
  for (const delivery of deliveries) {
    if (delivery?.state === "queued" || delivery?.state === "sending") return soon;
    delayed ||= delivery?.state === "deferred";
  }
  return delayed ? DELAYED : false;
}

/**
 * For `refetchInterval`: follows mail while it moves and somebody is there. It rests when there was
 * no input for two minutes and goes on with the next one.
 */
export function usePolling(): (
  deliveries: Iterable<Delivery | null | undefined>,
  soon: number,
) => number | false {
  // Drawn anew when somebody comes back, so that the query looks at its interval again.
  useSyncExternalStore(subscribe, () => returns);
  return useCallback(
    (deliveries, soon) => pollingInterval(deliveries, soon, Date.now() - lastInput),
    [],
  );
}
