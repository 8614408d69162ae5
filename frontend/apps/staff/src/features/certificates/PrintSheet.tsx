import type { ProblemError } from "@countersign/api/problem";
import { EmptyState } from "@countersign/ui/EmptyState";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./SendCertificate.module.css";
import type { LivePreview } from "./use-preview";

export interface PrintSheetProps {
  readonly preview: LivePreview;
  /** Enough is decided for a page to be asked for. */
  readonly decided: boolean;
  /** What is shown is not yet what was decided last. */
  readonly waiting: boolean;
  /** Why there is no page, where no field can say it. */
  readonly problem: ProblemError | null;
  /** Findings that keep it from being sent. */
  readonly blocking: number;
  /** Findings that somebody should look at before sending. */
  readonly warnings: number;
  /** How much of what the holder asks for is not met; null where nothing is missing. */
  readonly unmet: string | null;
}

/** The page itself, as it will print. */
export function PrintSheet({
  preview,
  decided,
  waiting,
  problem,
  blocking,
  warnings,
  unmet,
}: PrintSheetProps) {
  const t = useMessages();
  if (!decided && preview.bytes === null) {
    return (
      <div className={classes.blank}>
        <EmptyState title={t.send.noPageYet}>{t.send.noPageYetText}</EmptyState>
      </div>
    );
  }
  if (problem !== null) {
    return (
      <div className={classes.blank}>
        <ProblemAlert problem={problem} onRetry={preview.again} />
      </div>
    );
  }
  // A page from before the fault stays, so that nothing vanishes while somebody writes.
  const faulty = preview.problem !== null;
  if (faulty && preview.bytes === null) {
    return (
      <div className={classes.blank}>
        <EmptyState title={t.send.noPageYet}>{t.send.mendFirst}</EmptyState>
      </div>
    );
  }
  return (
    <PdfPreview
      bytes={preview.bytes}
      label={t.send.pageLabel}
      flashChanges
      stale={waiting || faulty}
    >
      <span role="status" className={classes.verdict}>
        {waiting ? (
          <StatusBadge tone="pending">{t.send.drawing}</StatusBadge>
        ) : faulty ? (
          <StatusBadge tone="warn">{t.send.mendFirst}</StatusBadge>
        ) : blocking > 0 ? (
          <StatusBadge tone="bad">{t.send.notSendable(blocking)}</StatusBadge>
        ) : warnings > 0 ? (
          <StatusBadge tone="warn">{t.send.toCheck(warnings)}</StatusBadge>
        ) : (
          <StatusBadge tone="good">{t.send.agrees}</StatusBadge>
        )}
        {waiting || faulty || unmet === null ? null : <StatusBadge tone="bad">{unmet}</StatusBadge>}
      </span>
    </PdfPreview>
  );
}
