import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./Concerns.module.css";
import type { Concern } from "./use-recipient-check";

export interface ConcernsProps {
  readonly concerns: readonly Concern[];
  /** It could not be asked what is odd about the recipients. */
  readonly failed?: boolean;
}

/** What is odd about recipients, beside their field; it is seen before sending and prevents nothing. */
export function Concerns({ concerns, failed = false }: ConcernsProps) {
  const t = useMessages();
  return (
    <div role="status" aria-label={t.recipients.label}>
      {failed ? <p className={classes.failed}>{t.recipients.failed}</p> : null}
      {concerns.length === 0 ? null : (
        <ul className={classes.list}>
          {concerns.map(({ code, severity, address, message }) => (
            <li key={`${code} ${address}`} className={classes.concern} data-severity={severity}>
              {severity === "warn" ? (
                <IconAlertTriangle size={16} aria-hidden />
              ) : (
                <IconInfoCircle size={16} aria-hidden />
              )}
              <span>
                <strong>{address}</strong> {message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
