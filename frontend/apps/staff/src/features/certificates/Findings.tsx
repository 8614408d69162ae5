import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { Button } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Findings.module.css";
import { type Finding, type Remedy, remedyOf } from "./findings";

const TONES: Record<Finding["severity"], Tone> = { block: "bad", warn: "warn", info: "quiet" };

export interface FindingsProps {
  readonly findings: readonly Finding[];
  /** Does what mends a finding; absent where nothing can be done on the page. */
  readonly onRemedy?: (remedy: NonNullable<Remedy>, finding: Finding) => void;
}

/** What the gate found: field, policy value, printed value, and the fix as a button. */
export function Findings({ findings, onRemedy }: FindingsProps) {
  const t = useMessages();
  if (findings.length === 0) return null;
  return (
    <ul className={classes.list}>
      {findings.map((finding) => {
        const remedy = remedyOf(finding);
        return (
          <li
            key={`${finding.code} ${finding.field} ${finding.message}`}
            className={classes.finding}
            data-severity={finding.severity}
          >
            <div className={classes.message}>
              <StatusBadge tone={TONES[finding.severity]}>
                {t.findings.severities[finding.severity]}
              </StatusBadge>
              <span>{finding.message}</span>
            </div>
            {finding.policy_value !== finding.printed_value ? (
              <dl className={classes.values}>
                {finding.policy_value ? (
                  <div>
                    <dt>{t.findings.policySays}</dt>
                    <dd>{finding.policy_value}</dd>
                  </div>
                ) : null}
                {finding.printed_value ? (
                  <div>
                    <dt>{t.findings.pageSays}</dt>
                    <dd>{finding.printed_value}</dd>
                  </div>
                ) : null}
              </dl>
            ) : null}
            <div className={classes.fix}>
              <span>{finding.fix}</span>
              {remedy !== null && onRemedy !== undefined ? (
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => onRemedy(remedy, finding)}
                >
                  {t.findings.remedies[remedy]}
                </Button>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
