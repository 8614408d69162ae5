import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";

type Batch = components["schemas"]["Batch"];

export interface BatchStateBadgeProps {
  readonly batch: Pick<Batch, "state" | "counts" | "halted_reason">;
}

function toneOf({ state, counts, halted_reason: halted }: BatchStateBadgeProps["batch"]): Tone {
  if (state === "running") return "pending";
  if (state === "paused") return halted ? "bad" : "warn";
  if (state === "cancelled") return "quiet";
  return counts.failed + counts.set_aside > 0 ? "warn" : "good";
}

/** Where a batch stands; a finished one with rows that were not sent asks for a look. */
export function BatchStateBadge({ batch }: BatchStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={toneOf(batch)}>{t.batches.states[batch.state]}</StatusBadge>;
}
