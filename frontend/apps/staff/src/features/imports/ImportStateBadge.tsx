import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";

type ImportState = components["schemas"]["ImportStateWord"];

const TONES: Record<ImportState, Tone> = {
  draft: "quiet",
  checking: "pending",
  checked: "warn",
  applying: "pending",
  applied: "good",
  failed: "bad",
};

export interface ImportStateBadgeProps {
  readonly state: ImportState;
}

export function ImportStateBadge({ state }: ImportStateBadgeProps) {
  const t = useMessages();
  return <StatusBadge tone={TONES[state]}>{t.imports.states[state]}</StatusBadge>;
}
