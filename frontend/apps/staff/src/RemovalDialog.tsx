import { problemOf, type ProblemError } from "@countersign/api/problem";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { type ReactNode, useState } from "react";

export interface RemovalDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  /** Takes it away, and has what was shown of it read anew. */
  readonly onRemove: () => Promise<void>;
  /** What is told once it is gone. */
  readonly done: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is taken away; a refusal is told in the dialog, which then stays. */
export function RemovalDialog({
  title,
  confirmLabel,
  onRemove,
  done,
  onClose,
  children,
}: RemovalDialogProps) {
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    setProblem(null);
    try {
      await onRemove();
      toastDone(done);
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void remove()}
      title={title}
      confirmLabel={confirmLabel}
      danger
      busy={busy}
      problem={problem === null ? null : { problem }}
    >
      {children}
    </ConfirmDialog>
  );
}
