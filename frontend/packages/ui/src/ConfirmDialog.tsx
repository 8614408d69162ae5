import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { FormDialog } from "./FormDialog";
import type { ProblemAlertProps } from "./ProblemAlert";
import { useWords } from "./UiProvider";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  /** Null where there is nothing that can be confirmed. */
  readonly confirmLabel: string | null;
  readonly danger?: boolean;
  readonly busy?: boolean;
  /** It was refused for good. */
  readonly disabled?: boolean;
  /** What has to be typed where there is no way back. */
  readonly word?: string;
  readonly problem?: ProblemAlertProps | null;
  readonly children: ReactNode;
}

/** Asks before an act that reaches outside or cannot be undone. */
export function ConfirmDialog({
  opened,
  onClose,
  onConfirm,
  title,
  confirmLabel,
  danger = false,
  busy = false,
  disabled = false,
  word,
  problem = null,
  children,
}: ConfirmDialogProps) {
  const words = useWords();
  const [typed, setTyped] = useState("");
  const ready = word === undefined || typed.trim() === word;
  return (
    <FormDialog
      opened={opened}
      onClose={() => {
        setTyped("");
        onClose();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConfirm();
      }}
      title={title}
      submitLabel={confirmLabel}
      danger={danger}
      busy={busy}
      disabled={!ready || disabled}
      problem={problem}
    >
      <div>{children}</div>
      {word === undefined ? null : (
        <TextInput
          label={words.typeToConfirm(word)}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
    </FormDialog>
  );
}
