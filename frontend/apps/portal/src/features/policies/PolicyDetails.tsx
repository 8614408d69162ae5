import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { coverageFacts } from "./coverage-facts";
import classes from "./PolicyDetails.module.css";
import { PolicyStateBadge } from "./PolicyList";

export interface PolicyDetailsProps {
  readonly policy: components["schemas"]["Policy"];
}

/** One policy, to read: term, limits, endorsements, vehicles. Nothing here changes it (A1.07). */
export function PolicyDetails({ policy }: PolicyDetailsProps) {
  const t = useMessages();
  const format = useFormat();
  const facts = coverageFacts(policy.coverage, t, format);
  return (
    <>
      <p className={classes.state}>
        <PolicyStateBadge policy={policy} />
      </p>
      <FactList
        facts={[
          { label: t.policies.number, value: policy.number },
          { label: t.policies.insurer, value: policy.carrier.name },
          { label: t.policies.insured, value: policy.named_insured },
          {
            label: t.policies.term,
            value: t.policies.termOf(
              format.longDate(policy.effective_on),
              format.longDate(policy.expires_on),
            ),
          },
          ...(policy.cancelled_on
            ? [
                {
                  label: policy.state === "cancelled" ? t.policies.cancelledOn : t.policies.cancels,
                  value: format.longDate(policy.cancelled_on),
                },
              ]
            : []),
        ]}
      />
      <div className={classes.parts}>
        <Part title={t.policies.limits}>
          <dl className={classes.limits}>
            {facts.map((fact) => (
              <div
                key={fact.label}
                className={classes.limit}
                data-amount={fact.amount || undefined}
              >
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </Part>
        <Part title={t.policies.endorsements} note={t.policies.endorsementsText}>
          {policy.endorsements.length === 0 ? (
            <p className={classes.soft}>{t.policies.noEndorsements}</p>
          ) : (
            <ul className={classes.list}>
              {policy.endorsements.map((form) => (
                <li key={form.id} className={classes.item}>
                  <span className={classes.form}>
                    {t.policies.edition(form.form_number, form.edition)}
                  </span>
                  <span>{form.title}</span>
                  <span className={classes.soft}>
                    {form.scheduled_parties.length === 0
                      ? t.policies.scopes[form.scope]
                      : t.policies.parties(format.list(form.scheduled_parties))}
                    {form.notice_days ? ` · ${t.policies.notice(form.notice_days)}` : ""}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Part>
        {policy.vehicles.length === 0 ? null : (
          <Part title={t.policies.vehicles}>
            <ul className={classes.list}>
              {policy.vehicles.map((vehicle) => (
                <li key={vehicle.id} className={classes.item}>
                  <span className={classes.form}>
                    {t.policies.vehicle(
                      vehicle.year ? String(vehicle.year) : "",
                      vehicle.make ?? "",
                      vehicle.model ?? "",
                    )}
                  </span>
                  <span className={classes.soft}>{t.policies.vin(vehicle.vin)}</span>
                </li>
              ))}
            </ul>
          </Part>
        )}
      </div>
    </>
  );
}
