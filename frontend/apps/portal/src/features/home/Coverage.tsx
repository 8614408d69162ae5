import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import type { ReactNode } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { paths } from "../../paths";
import { coverNow, type PortalPolicy } from "./cover-now";
import classes from "./Coverage.module.css";

const SOON_DAYS = 30;

export interface CoverageProps {
  readonly policies: readonly PortalPolicy[];
  readonly agencyName: string;
}

/** Am I covered? Each policy in a sentence with its end. */
export function Coverage({ policies, agencyName }: CoverageProps) {
  const t = useMessages();
  const format = useFormat();
  const { inForce, upcoming, lapsed } = coverNow(policies, format.today());
  return (
    <Part title={t.home.coverage}>
      <p className={classes.answer}>
        <StatusBadge tone={inForce.length === 0 ? "bad" : "good"}>
          {inForce.length === 0 ? t.home.noneInForce : t.home.inForce(inForce.length)}
        </StatusBadge>
      </p>
      {inForce.length === 0 ? (
        <p className={classes.help}>{t.home.noneInForceHelp(agencyName)}</p>
      ) : null}
      <ul className={classes.list}>
        {inForce.map(({ policy, renewedOn }) => {
          const cancels = policy.cancelled_on ?? null;
          const days = format.daysUntil(cancels ?? policy.expires_on);
          return (
            <Item
              key={policy.id}
              policy={policy}
              sentence={[
                cancels === null
                  ? t.home.until(policy.carrier_name, format.longDate(policy.expires_on))
                  : t.home.cancels(policy.carrier_name, format.longDate(cancels)),
                renewedOn === null ? "" : t.home.renewed(format.longDate(renewedOn)),
              ]
                .join(" ")
                .trim()}
              badge={
                cancels !== null ? (
                  <StatusBadge tone="warn">{t.home.cancelsIn(days)}</StatusBadge>
                ) : days > SOON_DAYS || renewedOn !== null ? null : (
                  <StatusBadge tone="warn">
                    {days <= 0 ? t.home.endsToday : t.home.endsIn(days)}
                  </StatusBadge>
                )
              }
            />
          );
        })}
        {lapsed.map((policy) => (
          <Item
            key={policy.id}
            policy={policy}
            sentence={
              policy.state === "cancelled"
                ? t.home.cancelled(policy.carrier_name)
                : t.home.ended(policy.carrier_name, format.longDate(policy.expires_on))
            }
            badge={<StatusBadge tone="bad">{t.home.notCovered}</StatusBadge>}
          />
        ))}
        {upcoming.map((policy) => (
          <Item
            key={policy.id}
            policy={policy}
            sentence={t.home.starts(policy.carrier_name, format.longDate(policy.effective_on))}
            badge={null}
          />
        ))}
      </ul>
      <p className={classes.note}>{t.home.coverageNote}</p>
    </Part>
  );
}

interface ItemProps {
  readonly policy: PortalPolicy;
  readonly sentence: string;
  readonly badge: ReactNode;
}

function Item({ policy, sentence, badge }: ItemProps) {
  return (
    <li className={classes.item}>
      <LinkAnchor {...paths.policy(policy.id)} className={classes.line ?? ""}>
        {policy.line_label}
      </LinkAnchor>
      {badge === null ? null : <span className={classes.badge}>{badge}</span>}
      <span className={classes.sentence}>{sentence}</span>
    </li>
  );
}
