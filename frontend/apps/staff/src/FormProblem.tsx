import type { FieldProblem, ProblemError } from "@countersign/api/problem";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StaleFix } from "./StaleFix";

export interface FormProblemProps {
  readonly problem: ProblemError | null;
  /** What was refused in fields that the form does not have. */
  readonly homeless: readonly FieldProblem[];
  /** Reads what somebody else has saved; none where there is nothing yet to change. */
  readonly onReload?: (() => void) | undefined;
}

/** Why a form was not saved, and what to do where somebody else was first. */
export function FormProblem({ problem, homeless, onReload }: FormProblemProps) {
  if (problem === null) return null;
  return (
    <ProblemAlert
      problem={problem}
      fields={homeless}
      fix={
        problem.slug === "stale_version" && onReload !== undefined ? (
          <StaleFix onReload={onReload} />
        ) : null
      }
    />
  );
}
