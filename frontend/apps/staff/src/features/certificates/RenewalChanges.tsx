import type { components } from "@countersign/api/schema";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { VisuallyHidden } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./RenewalChanges.module.css";

export interface RenewalChangesProps {
  readonly holder: string;
  readonly changes: readonly components["schemas"]["RenewalChange"][];
}

/** What would read otherwise for one holder: as it was printed, and as it would be. */
export function RenewalChanges({ holder, changes }: RenewalChangesProps) {
  const t = useMessages();
  if (changes.length === 0) {
    return <StatusBadge tone="quiet">{t.batches.renewal.upToDate}</StatusBadge>;
  }
  return (
    <ul className={classes.changes} aria-label={t.batches.renewal.changesFor(holder)}>
      {changes.map((change) => (
        <li key={`${change.kind} ${change.line ?? ""} ${change.label}`} className={classes.change}>
          <span className={classes.what}>
            {change.line ? `${t.lines.short[change.line]}: ` : ""}
            {change.kind === "limit_up" ||
            change.kind === "limit_down" ||
            change.kind === "box_changed"
              ? change.label
              : t.batches.renewal.kinds[change.kind]}
          </span>
          {change.before === undefined || change.before === null ? null : (
            <span className={classes.before}>
              <VisuallyHidden>{t.batches.renewal.from} </VisuallyHidden>
              {change.before}
            </span>
          )}
          <span className={classes.after}>
            <VisuallyHidden>{t.batches.renewal.to} </VisuallyHidden>
            {change.after ?? t.batches.renewal.nothing}
          </span>
          {change.takes_away ? (
            <StatusBadge tone="warn">{t.batches.renewal.takesAway}</StatusBadge>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
