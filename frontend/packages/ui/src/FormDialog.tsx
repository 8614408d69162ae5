import { Button, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, type SubmitEventHandler, useState } from "react";
import { ProblemAlert, type ProblemAlertProps } from "./ProblemAlert";
import { useWords } from "./UiProvider";
import classes from "./FormDialog.module.css";

export interface FormDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Says what happens, not "OK". */
  readonly submitLabel: string;
  readonly onSubmit: SubmitEventHandler<HTMLFormElement>;
  readonly busy?: boolean;
  /** Something was entered that closing would lose. */
  readonly dirty?: boolean;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly problem?: ProblemAlertProps | null;
  readonly size?: "sm" | "md" | "lg" | "xl";
  readonly children: ReactNode;
}

/** A dialog with one form. Closing it asks first when something would be lost. */
export function FormDialog({
  opened,
  onClose,
  title,
  submitLabel,
  onSubmit,
  busy = false,
  dirty = false,
  disabled = false,
  danger = false,
  problem,
  size = "md",
  children,
}: FormDialogProps) {
  const words = useWords();
  const phone = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  const [leaving, setLeaving] = useState(false);

  function close() {
    if (busy) return;
    if (dirty && !leaving) {
      setLeaving(true);
      return;
    }
    setLeaving(false);
    onClose();
  }

  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={size}
      fullScreen={phone}
      closeButtonProps={{ "aria-label": words.close }}
      classNames={{ title: classes.title ?? "", body: classes.body ?? "" }}
    >
      <form onSubmit={onSubmit} noValidate className={classes.form}>
        <div className={classes.content}>
          {problem ? <ProblemAlert {...problem} /> : null}
          {children}
        </div>
        <div className={classes.foot}>
          {leaving ? (
            <>
              <p className={classes.question} role="alert">
                {words.discardTitle}
              </p>
              <Button variant="default" data-autofocus onClick={() => setLeaving(false)}>
                {words.keepEditing}
              </Button>
              <Button color="red" onClick={close}>
                {words.discard}
              </Button>
            </>
          ) : (
            <>
              <Button variant="default" onClick={close} disabled={busy}>
                {words.cancel}
              </Button>
              <Button
                type="submit"
                loading={busy}
                disabled={disabled}
                {...(danger ? { color: "red" } : {})}
              >
                {submitLabel}
              </Button>
            </>
          )}
        </div>
      </form>
    </Modal>
  );
}
