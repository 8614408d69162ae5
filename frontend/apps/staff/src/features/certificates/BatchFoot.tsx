import type { FieldProblem, ProblemError } from "@countersign/api/problem";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { type ReactNode, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import type { Tally } from "./batch-row";
import { MOST_HOLDERS } from "./holder-list";
import classes from "./SendMany.module.css";

export interface BatchFootProps {
  readonly counts: Tally;
  /** What somebody should have answered before, and has not. */
  readonly unanswered?: string | null;
  readonly master: string;
  /** How many of those that are sent to got a certificate within the last day. */
  readonly recent?: number;
  /** Leads to what has to be chosen first; it stands in place of the numbers, which say nothing yet. */
  readonly first?: ReactNode;
  /** Why nothing can be sent yet. */
  readonly reason: string | null;
  readonly busy: boolean;
  readonly problem: ProblemError | null;
  readonly faults: readonly FieldProblem[];
  readonly onSend: () => void;
  readonly onDismiss: () => void;
}

/** What is about to happen in numbers, and the one button that asks once before it does. */
export function BatchFoot({
  counts,
  unanswered = null,
  master,
  recent = 0,
  first = null,
  reason,
  busy,
  problem,
  faults,
  onSend,
  onDismiss,
}: BatchFootProps) {
  const t = useMessages();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <div className={classes.foot}>
        {first ?? (
          <p className={classes.count} role="status">
            {t.batches.summary(counts)}
          </p>
        )}
        <GuardedButton reason={reason} onClick={() => setAsking(true)}>
          {t.batches.sendN(counts.ready)}
        </GuardedButton>
      </div>
      <ConfirmDialog
        opened={asking}
        onClose={() => {
          setAsking(false);
          onDismiss();
        }}
        onConfirm={onSend}
        title={t.batches.confirmTitle(counts.ready)}
        confirmLabel={t.batches.sendN(counts.ready)}
        busy={busy}
        problem={problem === null ? null : { problem, fields: faults }}
      >
        {unanswered === null ? null : (
          <p className={classes.unanswered}>
            {unanswered} {t.batches.asking.sendUnanswered}
          </p>
        )}
        <p>{t.batches.confirmText(counts.ready, master)}</p>
        {recent === 0 ? null : (
          <p className={classes.unanswered}>{t.batches.confirmRecent(recent)}</p>
        )}
        {counts.aside === 0 ? null : <p>{t.batches.confirmAside(counts.aside)}</p>}
        {counts.noRecipient === 0 ? null : <p>{t.batches.confirmNoAddress(counts.noRecipient)}</p>}
        {counts.tooHeavy === 0 ? null : <p>{t.batches.confirmTooHeavy(counts.tooHeavy)}</p>}
      </ConfirmDialog>
    </>
  );
}

/** Why a sending cannot be started yet; null when it can. */
export function useWhyNot(
  counts: Tally,
  master: boolean,
  rows: number,
  loading: boolean,
  failed = false,
): string | null {
  const t = useMessages();
  if (!master) return t.batches.masterFirst;
  if (rows === 0) return t.batches.holdersFirst;
  if (rows > MOST_HOLDERS) return t.batches.tooMany;
  if (failed && counts.checking > 0) return t.batches.checkFailed;
  if (loading || counts.checking > 0) return t.batches.waitForCheck;
  return counts.ready === 0 ? t.batches.nothingToSend : null;
}
