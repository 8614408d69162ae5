import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Link } from "@tanstack/react-router";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./Counts.module.css";

export interface CountsProps {
  readonly home: components["schemas"]["Home"];
}

/** The agency in one line; mail that failed stands out and leads to where it is tried again. */
export function Counts({ home }: CountsProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <ul className={classes.counts}>
      <li>
        <Link {...paths.insureds()} className={classes.count}>
          <strong>{format.number(home.counts.insureds)}</strong> {t.home.insureds}
        </Link>
      </li>
      <li className={classes.count}>
        <strong>{format.number(home.counts.policies_in_force)}</strong> {t.home.inForce}
      </li>
      <li>
        <Link {...paths.certificates()} className={classes.count}>
          <strong>{format.number(home.counts.certificates_30_days)}</strong> {t.home.certificates}
        </Link>
      </li>
      {home.waiting_approvals == null ? null : (
        <li>
          <Link
            {...paths.approvals()}
            className={classes.count}
            data-waiting={home.waiting_approvals > 0 || undefined}
          >
            <strong>{format.number(home.waiting_approvals)}</strong> {t.home.waitingApprovals}
          </Link>
        </li>
      )}
      {home.failed_jobs == null ? null : (
        <li>
          <Link
            {...paths.failedMail()}
            className={classes.count}
            data-bad={home.failed_jobs > 0 || undefined}
          >
            <strong>{format.number(home.failed_jobs)}</strong> {t.home.failedMail}
          </Link>
        </li>
      )}
    </ul>
  );
}
