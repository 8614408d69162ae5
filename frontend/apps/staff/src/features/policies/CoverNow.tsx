import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert, type Trouble } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Skeleton } from "@mantine/core";
import { Expiry } from "../../Expiry";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./CoverNow.module.css";
import { inReadingOrder } from "./PolicyTable";

export interface CoverNowProps {
  readonly insured: string;
  readonly policies: readonly components["schemas"]["Policy"][] | undefined;
  readonly problem: Trouble | null;
  readonly onRetry: () => void;
}

/** What the insured is covered for today, one line per policy, with the day it ends. */
export function CoverNow({ insured, policies, problem, onRetry }: CoverNowProps) {
  const t = useMessages();
  const format = useFormat();
  const now = policies?.filter((policy) => policy.state === "in_force");
  return (
    <Section
      title={t.policies.coverNow}
      actions={<LinkAnchor {...paths.policies(insured)}>{t.policies.all}</LinkAnchor>}
    >
      {problem === null ? null : <ProblemAlert problem={problem} onRetry={onRetry} />}
      {now === undefined ? (
        problem === null ? (
          <Loading>
            <Skeleton height={92} />
          </Loading>
        ) : null
      ) : now.length === 0 ? (
        <p className={classes.none}>{t.policies.nothingInForce}</p>
      ) : (
        <ul className={classes.list}>
          {inReadingOrder(now).map((policy) => (
            <li key={policy.id} className={classes.line}>
              <LinkAnchor {...paths.policy(insured, policy.id)} c="inherit" fw={500}>
                {policy.line_label}
              </LinkAnchor>
              <span className={classes.soft}>{policy.carrier.name}</span>
              <span>{policy.number}</span>
              <span title={format.longDate(policy.cancelled_on ?? policy.expires_on)}>
                {policy.cancelled_on ? null : `${t.policies.ends} `}
                <Expiry date={policy.expires_on} cancels={policy.cancelled_on} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
