import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { Expiry } from "../../Expiry";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./Expiring.module.css";

type ExpiringPolicy = components["schemas"]["Home"]["expiring"][number];

export interface ExpiringProps {
  readonly policies: readonly ExpiringPolicy[];
}

/** What ends within thirty days, by insured and day: the renewals that certificates depend on. */
export function Expiring({ policies }: ExpiringProps) {
  const t = useMessages();
  // In the order in which they end; a term that runs out and a cancellation stand apart.
  const groups = Map.groupBy(
    policies,
    (policy) => `${policy.expires_on} ${policy.cancelled_on ?? ""} ${policy.insured_id}`,
  );
  return (
    <Section title={t.home.expiring(policies.length)}>
      {policies.length === 0 ? (
        <p className={classes.soft}>{t.home.noExpiring}</p>
      ) : (
        <ul className={classes.list}>
          {[...groups].map(([key, group]) => (
            <li key={key} className={classes.row}>
              <span className={classes.who}>
                <LinkAnchor {...paths.insured(group[0]?.insured_id ?? "")} c="inherit" fw={500}>
                  {group[0]?.insured_name}
                </LinkAnchor>
              </span>
              <span className={classes.policies}>
                {group.map((policy) => (
                  <LinkAnchor
                    key={policy.policy_id}
                    {...paths.policy(policy.insured_id, policy.policy_id)}
                    c="dimmed"
                    title={policy.number}
                  >
                    {policy.line_label}
                  </LinkAnchor>
                ))}
              </span>
              <span className={classes.when}>
                <Expiry date={group[0]?.expires_on} cancels={group[0]?.cancelled_on} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
