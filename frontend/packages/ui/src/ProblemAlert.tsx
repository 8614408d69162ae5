import { Button, CopyButton, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { traceOf } from "./problem-trace";
import { useWords } from "./UiProvider";
import classes from "./ProblemAlert.module.css";

/** A problem as this package needs it; the error class of the client fits it. */
export interface Trouble {
  readonly slug: string;
  /** Of the server's answer; 0 where none came. */
  readonly status?: number;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly fields: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryAfterSeconds: number | null;
}

export interface ProblemAlertProps {
  readonly problem: Trouble;
  /** Field errors that no field of the form shows; all of them where there is no form. */
  readonly fields?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly onRetry?: () => void;
  /** The fix, where the page knows one. */
  readonly fix?: ReactNode;
}

/** What is wrong, why, what to do, and for a failure of the server the id under which it remembers it. */
export function ProblemAlert({
  problem,
  fields = problem.fields,
  onRetry,
  fix,
}: ProblemAlertProps) {
  const words = useWords();
  const own: Record<string, readonly [string, string]> = {
    unreachable: [words.unreachableTitle, words.unreachableDetail],
    unanswered: [words.unansweredTitle, words.unansweredDetail],
    unreadable: [words.unreadableTitle, words.unreadableDetail],
    broken_page: [words.brokenPageTitle, words.brokenPageDetail],
  };
  const [title, detail] = own[problem.slug] ?? [problem.title, problem.detail];
  const requestId = traceOf(problem);
  const { retryAfterSeconds } = problem;
  return (
    <div role="alert" className={classes.alert}>
      <p className={classes.title}>{title}</p>
      {detail === "" || detail === title ? null : <p className={classes.detail}>{detail}</p>}
      {fields.length === 0 ? null : (
        <ul className={classes.fields}>
          {fields.map((field) => (
            <li key={`${field.pointer} ${field.detail}`}>{field.detail}</li>
          ))}
        </ul>
      )}
      {retryAfterSeconds === null ? null : (
        <p className={classes.detail}>{words.retryAfter(retryAfterSeconds)}</p>
      )}
      {onRetry === undefined && fix === undefined ? null : (
        <div className={classes.actions}>
          {fix}
          {onRetry === undefined ? null : (
            <Button variant="default" size="xs" onClick={onRetry}>
              {words.tryAgain}
            </Button>
          )}
        </div>
      )}
      {requestId === null ? null : (
        <CopyButton value={requestId}>
          {({ copied, copy }) => (
            <UnstyledButton
              className={classes.request}
              onClick={copy}
              aria-label={`${words.copyRequestId} ${requestId}`}
            >
              {copied ? words.copied : `${words.requestId} ${requestId}`}
            </UnstyledButton>
          )}
        </CopyButton>
      )}
    </div>
  );
}
