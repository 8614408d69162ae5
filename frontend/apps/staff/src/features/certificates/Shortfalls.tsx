import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useMessages } from "../../messages/MessagesProvider";
import type { Requirement } from "../../Requirements";
import classes from "./Shortfalls.module.css";

export interface ShortfallsProps {
  readonly requirements: readonly Requirement[];
}

/** What of a holder's requirements a row would not meet; it does not keep the row from going. */
export function Shortfalls({ requirements }: ShortfallsProps) {
  const t = useMessages();
  const missing = requirements.filter((each) => !each.met);
  if (missing.length === 0) return null;
  return (
    <details className={classes.missing}>
      <summary>
        <StatusBadge tone="bad">{t.links.unmetCount(missing.length)}</StatusBadge>
      </summary>
      <ul>
        {missing.map((each) => (
          <li key={`${each.kind} ${each.line ?? ""} ${each.label} ${each.asked}`}>
            {each.line && each.kind === "minimum_limit" ? `${t.lines.short[each.line]}: ` : ""}
            {each.label}: {each.message} {each.fix}
          </li>
        ))}
      </ul>
    </details>
  );
}
