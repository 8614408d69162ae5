import { Button, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, type RefObject, type SubmitEventHandler, useRef, useState } from "react";
import { ProblemAlert, type ProblemAlertProps } from "./ProblemAlert";
import { useWords } from "./UiProvider";
import { useFirstFault } from "./use-first-fault";
import { useFocusBack } from "./use-focus-back";
import classes from "./FormDialog.module.css";

export interface FormDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Says what happens, not "OK"; null where there is nothing that can be done. */
  readonly submitLabel: string | null;
  /** What leaving without it is called, where "Cancel" would be taken for the deed itself. */
  readonly leaveLabel?: string;
  readonly onSubmit: SubmitEventHandler<HTMLFormElement>;
  readonly busy?: boolean;
  /** Something was entered that closing would lose. */
  readonly dirty?: boolean;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly problem?: ProblemAlertProps | null;
  readonly size?: "sm" | "md" | "lg" | "xl";
  /** Where the focus goes when the dialog is gone; by itself it goes back to where it was. */
  readonly focusBack?: RefObject<HTMLElement | null>;
  /** What one should know before saving. It stands beside the button, in sight however long the form is. */
  readonly caution?: string | null;
  readonly children: ReactNode;
}

/**
 * A dialog with one form. Closing it asks first when something would be lost; a second Escape takes
 * the question back, it never answers it.
 */
export function FormDialog({
  opened,
  onClose,
  title,
  submitLabel,
  leaveLabel,
  onSubmit,
  busy = false,
  dirty = false,
  disabled = false,
  danger = false,
  problem,
  size = "md",
  focusBack,
  caution = null,
  children,
}: FormDialogProps) {
  const words = useWords();
  const phone = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  const [leaving, setLeaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const edited = useRef<HTMLElement | null>(null);
  useFirstFault(form, busy);
  useFocusBack(opened, focusBack);

  function close() {
    if (busy) return;
    if (dirty) {
      edited.current = content.current?.querySelector<HTMLElement>(":focus") ?? null;
      setLeaving(true);
    } else {
      onClose();
    }
  }

  function keepEditing() {
    setLeaving(false);
    // The button goes with its question.
    const first = content.current?.querySelector<HTMLElement>("input, textarea, select");
    (edited.current ?? first)?.focus();
  }

  function discard() {
    setLeaving(false);
    onClose();
  }

  return (
    <Modal
      opened={opened}
      onClose={leaving ? keepEditing : close}
      returnFocus={false}
      title={title}
      size={size}
      fullScreen={phone}
      closeButtonProps={{ "aria-label": words.close }}
      classNames={{ title: classes.title ?? "", body: classes.body ?? "" }}
    >
      <form ref={form} onSubmit={onSubmit} noValidate className={classes.form}>
        <div ref={content} className={classes.content}>
          {problem ? <ProblemAlert {...problem} /> : null}
          {children}
        </div>
        <div className={classes.foot}>
          {leaving ? (
            <>
              <p className={classes.question} role="alert">
                {words.discardTitle}
              </p>
              <Button variant="default" autoFocus onClick={keepEditing}>
                {words.keepEditing}
              </Button>
              <Button color="red" onClick={discard}>
                {words.discard}
              </Button>
            </>
          ) : (
            <>
              <p className={classes.caution} role="status">
                {caution}
              </p>
              <Button variant="default" onClick={close} disabled={busy}>
                {submitLabel === null ? words.close : (leaveLabel ?? words.cancel)}
              </Button>
              {submitLabel === null ? null : (
                <Button
                  type="submit"
                  loading={busy}
                  disabled={disabled}
                  {...(danger ? { color: "red" } : {})}
                >
                  {submitLabel}
                </Button>
              )}
            </>
          )}
        </div>
      </form>
    </Modal>
  );
}
