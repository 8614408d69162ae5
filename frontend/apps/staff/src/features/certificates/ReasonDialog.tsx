import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { FormDialog, type FormDialogProps } from "@countersign/ui/FormDialog";
import { Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";

export interface ReasonDialogProps extends Pick<FormDialogProps, "danger" | "size" | "onClose"> {
  /** What is done, in the title and on the button. */
  readonly act: string;
  readonly label: string;
  readonly hint: string;
  /** Said when nothing was written. */
  readonly missing: string;
  /** The text's name in the request, by which the server finds fault with it. */
  readonly field: "reason" | "note";
  /** Does it. The key belongs to the body that is sent: a repetition is carried out once. */
  readonly onSubmit: (text: string, key: (body: unknown) => string) => Promise<void>;
  /** How a refusal is told, beyond its own words. */
  readonly refusal?: (problem: ProblemError) => {
    readonly problem: FormDialogProps["problem"];
    /** Whether trying again is of no use. */
    readonly final: boolean;
  };
  /** What is said before the reason. */
  readonly children: ReactNode;
}

/** An act for which a reason is asked that stands with it from then on. */
export function ReasonDialog({
  act,
  label,
  hint,
  missing,
  field,
  onSubmit,
  refusal,
  onClose,
  danger,
  size,
  children,
}: ReasonDialogProps) {
  const t = useMessages();
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const told =
    problem === null ? null : (refusal?.(problem) ?? { problem: { problem }, final: false });

  async function submit() {
    const written = text.trim();
    if (written === "") {
      setError(missing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    try {
      await onSubmit(written, (body) => intent.key(body));
      intent.settle();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const { beside } = shareFaults(trouble, (each) => each === field, t);
      if (beside[field] === undefined) setProblem(trouble);
      else setError(beside[field]);
    } finally {
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={act}
      submitLabel={act}
      busy={busy}
      dirty={text.trim() !== ""}
      disabled={told?.final ?? false}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      problem={told?.problem ?? null}
      {...(danger === undefined ? {} : { danger })}
      {...(size === undefined ? {} : { size })}
    >
      {children}
      <Textarea
        label={label}
        description={hint}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={error}
        maxLength={500}
        autosize
        minRows={3}
        maxRows={8}
        required
        data-autofocus
      />
    </FormDialog>
  );
}
