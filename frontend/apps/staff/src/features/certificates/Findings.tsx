import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { Button } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Findings.module.css";
import { type Finding, type Remedy, remedyOf } from "./findings";
import { excerpt } from "./mend";

const TONES: Record<Finding["severity"], Tone> = { block: "bad", warn: "warn", info: "quiet" };

export interface FindingsProps {
  readonly findings: readonly Finding[];
  /** The description that findings may speak of, so that their words can be shown in it. */
  readonly description?: string;
  /** Who lifted a finding that blocked; absent where nothing was lifted. */
  readonly liftedBy?: (finding: Finding) => string | null;
  /** Does what mends a finding; absent where nothing can be done on the page. */
  readonly onRemedy?: (remedy: NonNullable<Remedy>, finding: Finding) => void;
}

/** What the gate found: field, policy value, printed value, and the fix as a button. */
export function Findings({ findings, description, liftedBy, onRemedy }: FindingsProps) {
  const t = useMessages();
  if (findings.length === 0) return null;
  return (
    <ul className={classes.list}>
      {findings.map((finding) => {
        const remedy = remedyOf(finding);
        const lifted = liftedBy?.(finding) ?? null;
        const words =
          finding.passage && description !== undefined
            ? excerpt(description, finding.passage)
            : null;
        return (
          <li
            key={`${finding.code} ${finding.field} ${finding.message}`}
            className={classes.finding}
            data-severity={lifted === null ? finding.severity : "warn"}
          >
            <div className={classes.message}>
              <StatusBadge tone={lifted === null ? TONES[finding.severity] : "warn"}>
                {lifted === null
                  ? t.findings.severities[finding.severity]
                  : t.findings.lifted(lifted)}
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
                {words !== null ? (
                  <div className={classes.excerpt}>
                    <dt>{t.findings.pageSays}</dt>
                    <dd>
                      {words.before}
                      <mark>{words.words}</mark>
                      {words.after}
                    </dd>
                  </div>
                ) : finding.printed_value ? (
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
                  {remedy === "mend" && finding.replacement?.text
                    ? t.findings.replace
                    : t.findings.remedies[remedy]}
                </Button>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
