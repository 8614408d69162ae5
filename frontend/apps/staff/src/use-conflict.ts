import { problemOf, type ProblemError } from "@countersign/api/problem";
import { toastProblem } from "@countersign/ui/toast";
import { useState } from "react";

interface Versioned {
  readonly version: number;
}

export interface ConflictState<R extends Versioned | null> {
  /** What a change is made from; moves on when somebody else saved first. */
  readonly base: R;
  /** What somebody else saved, while it is held against what was entered here. */
  readonly newest: NonNullable<R> | null;
  /** Whether a refusal is told by the comparison; every other one is left for the form to tell. */
  readonly meet: (refusal: ProblemError) => Promise<boolean>;
  /** The person decided: from now on the change is made from what is on file. */
  readonly settle: () => void;
}

/**
 * The version that a form began with, and what became of the record meanwhile. A new record, which is
 * null, cannot be outdated.
 */
export function useConflict<R extends Versioned | null>(
  record: R,
  read: (record: NonNullable<R>) => Promise<NonNullable<R>>,
): ConflictState<R> {
  const [base, setBase] = useState(record);
  const [newest, setNewest] = useState<NonNullable<R> | null>(null);
  return {
    base,
    newest,
    async meet(refusal) {
      if (refusal.slug !== "stale_version" || base === null) return false;
      try {
        const found = await read(base);
        // Without a newer version there is nothing to hold anything against.
        if (found.version === base.version) return false;
        setNewest(found);
        return true;
      } catch (thrown) {
        toastProblem(problemOf(thrown));
        return false;
      }
    },
    settle() {
      if (newest !== null) setBase(newest);
      setNewest(null);
    },
  };
}
