import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Overrides.module.css";

export interface OverridesProps {
  readonly overrides: readonly components["schemas"]["Override"][];
}

/** What blocked a certificate and was lifted: which finding, who asked, who approved, when and why. */
export function Overrides({ overrides }: OverridesProps) {
  const t = useMessages();
  const format = useFormat();
  const a = t.approvals;
  return (
    <ul className={classes.list}>
      {overrides.map((lifted) => (
        <li key={`${lifted.finding.code} ${lifted.finding.field} ${lifted.finding.message}`}>
          <p className={classes.message}>{lifted.finding.message}</p>
          <dl className={classes.facts}>
            <div>
              <dt>{a.askedBy}</dt>
              <dd>
                {t.certificates.whenByWho(format.moment(lifted.asked_at), lifted.asked_by_name)}
              </dd>
              <dd className={classes.text}>{lifted.note}</dd>
            </div>
            <div>
              <dt>{a.approvedBy}</dt>
              <dd>
                {t.certificates.whenByWho(
                  format.moment(lifted.approved_at),
                  lifted.approved_by_name,
                )}
              </dd>
              <dd className={classes.text}>{lifted.reason}</dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}
