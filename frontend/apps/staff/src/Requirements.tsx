import type { components } from "@countersign/api/schema";
import { takenUp } from "@countersign/ui/sentence";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import type { ReactNode } from "react";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./Requirements.module.css";

export type Requirement = components["schemas"]["Requirement"];

export interface RequirementsProps {
  readonly label: string;
  readonly requirements: readonly Requirement[];
  /** What mends an unmet one by itself, where there is something. */
  readonly remedy?: (requirement: Requirement) => ReactNode;
}

/** What a holder asks for, each with what there is: met or not, and what would mend it. */
export function Requirements({ label, requirements, remedy }: RequirementsProps) {
  const t = useMessages();
  return (
    <ul className={classes.list} aria-label={label}>
      {requirements.map((each) => (
        <li
          key={`${each.kind} ${each.line ?? ""} ${each.label} ${each.asked}`}
          className={classes.requirement}
          data-met={each.met}
        >
          <div className={classes.head}>
            <StatusBadge tone={each.met ? "good" : "bad"}>
              {each.met ? t.links.met : t.links.unmet}
            </StatusBadge>
            <span className={classes.what}>
              {each.line && each.kind === "minimum_limit" ? `${t.lines.short[each.line]}: ` : ""}
              {each.label}
            </span>
          </div>
          <dl className={classes.values}>
            <div>
              <dt>{t.links.asked}</dt>
              <dd>{each.asked}</dd>
            </div>
            <div>
              <dt>{t.links.has}</dt>
              <dd>{each.has}</dd>
            </div>
          </dl>
          {each.met ? null : (
            <div className={classes.fix}>
              {takenUp(each.message ?? "", each.label)}{" "}
              <span>{takenUp(each.fix ?? "", each.label)}</span>
              {remedy?.(each)}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
