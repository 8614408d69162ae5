import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { Expiry } from "../../Expiry";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./Expiring.module.css";

export interface ExpiringProps {
  readonly policies: components["schemas"]["Home"]["expiring"];
}

/** What ends within thirty days: the renewals that certificates will depend on. */
export function Expiring({ policies }: ExpiringProps) {
  const t = useMessages();
  return (
    <Section title={t.home.expiring(policies.length)}>
      {policies.length === 0 ? (
        <p className={classes.soft}>{t.home.noExpiring}</p>
      ) : (
        <ul className={classes.list}>
          {policies.map((policy) => (
            <li key={policy.policy_id} className={classes.row}>
              <span className={classes.who}>
                <LinkAnchor {...paths.insured(policy.insured_id)} c="inherit" fw={500}>
                  {policy.insured_name}
                </LinkAnchor>
              </span>
              <LinkAnchor
                {...paths.policies(policy.insured_id, policy.policy_id)}
                className={classes.policy ?? ""}
                c="dimmed"
              >
                {policy.line_label} · {policy.number}
              </LinkAnchor>
              <span className={classes.when}>
                <Expiry date={policy.expires_on} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
