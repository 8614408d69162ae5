import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useFormat, useWords } from "@countersign/ui/UiProvider";
import { Drawer } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import { coverageFacts } from "./coverage-facts";
import classes from "./PolicyDrawer.module.css";
import { PolicyStateBadge } from "./PolicyStateBadge";

export interface PolicyDrawerProps {
  readonly policy: components["schemas"]["Policy"] | null;
  readonly onClose: () => void;
}

/** Everything about one policy: terms, limits, endorsements, vehicles. */
export function PolicyDrawer({ policy, onClose }: PolicyDrawerProps) {
  const t = useMessages();
  const words = useWords();
  const format = useFormat();
  const opened = policy !== null;
  useFocusBack(opened);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      returnFocus={false}
      position="right"
      size={560}
      title={
        policy === null ? null : (
          <span className={classes.title}>
            {policy.line_label}
            <span className={classes.number}>{policy.number}</span>
          </span>
        )
      }
      closeButtonProps={{ "aria-label": words.close }}
    >
      {policy === null ? null : (
        <>
          <p className={classes.lead}>
            <PolicyStateBadge state={policy.state} />
            <span>
              {policy.carrier.name} · {t.policies.naic(policy.carrier.naic)}
            </span>
            <span>
              {format.date(policy.effective_on)} – {format.date(policy.expires_on)}
            </span>
            <span>{policy.named_insured}</span>
            {policy.cancelled_on ? (
              <span className={classes.cancelled}>
                {t.policies.cancelledOn(
                  format.date(policy.cancelled_on),
                  policy.cancel_reason ?? "",
                )}
              </span>
            ) : null}
          </p>
          <Section title={t.policies.coverage}>
            <dl className={classes.limits}>
              {coverageFacts(policy.coverage, t, format).map((fact) => (
                <div key={fact.label} className={classes.limit}>
                  <dt>{fact.label}</dt>
                  <dd data-amount={fact.amount || undefined}>{fact.value}</dd>
                </div>
              ))}
            </dl>
          </Section>
          <Section title={t.policies.endorsementsOf(policy.endorsements.length)}>
            {policy.endorsements.length === 0 ? (
              <p className={classes.soft}>{t.policies.noEndorsements}</p>
            ) : (
              <ul className={classes.list}>
                {policy.endorsements.map((endorsement) => (
                  <li key={endorsement.id}>
                    <span className={classes.form}>
                      {endorsement.form_number} {endorsement.edition}
                    </span>
                    <span>
                      {endorsement.title}
                      <span className={classes.scope}>
                        {t.policies.scopes[endorsement.scope]}
                        {endorsement.scheduled_parties.length === 0
                          ? null
                          : `: ${format.list(endorsement.scheduled_parties)}`}
                        {endorsement.notice_days
                          ? ` · ${t.policies.noticeDays(endorsement.notice_days)}`
                          : null}
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          {policy.vehicles.length === 0 ? null : (
            <Section title={t.policies.vehiclesOf(policy.vehicles.length)}>
              <ul className={classes.list}>
                {policy.vehicles.map((vehicle) => (
                  <li key={vehicle.id}>
                    <span className={classes.form}>{vehicle.year ?? ""}</span>
                    <span>
                      {[vehicle.make, vehicle.model].filter(Boolean).join(" ")}
                      <span className={classes.scope}>
                        {t.policies.vin(vehicle.vin)}
                        {vehicle.garaging_state
                          ? ` · ${t.policies.garaged(vehicle.garaging_state)}`
                          : null}
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Drawer>
  );
}
