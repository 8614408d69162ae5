import { useCallback, useState } from "react";
import { keepDraft, keptDraft } from "../../drafts";
import { type Draft, readDraft } from "./draft";

export interface DraftState {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly forget: () => void;
}

/** The draft of one person, kept with every change. */
export function useDraft(person: string, start: Partial<Draft>): DraftState {
  const [draft, setDraft] = useState<Draft>(() => ({ ...readDraft(keptDraft(person)), ...start }));
  const change = useCallback(
    (part: Partial<Draft>) => {
      setDraft((before) => {
        const after = { ...before, ...part };
        keepDraft(person, after);
        return after;
      });
    },
    [person],
  );
  const forget = useCallback(() => keepDraft(person, null), [person]);
  return { draft, change, forget };
}
