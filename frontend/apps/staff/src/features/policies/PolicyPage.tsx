import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { CancelPolicy } from "./CancelPolicy";
import { coverageFacts } from "./coverage-facts";
import { EndorsementList } from "./EndorsementList";
import { NoticeDialog } from "./NoticeDialog";
import { PolicyHistory } from "./PolicyHistory";
import { PolicyHolders } from "./PolicyHolders";
import classes from "./PolicyPage.module.css";
import { PolicyStateBadge } from "./PolicyStateBadge";

type PolicyRecord = components["schemas"]["PolicyRecord"];

export interface PolicyPageProps {
  readonly record: PolicyRecord;
}

/** One policy: what it says, the forms on it, who relies on it, and what was changed. */
export function PolicyPage({ record }: PolicyPageProps) {
  const t = useMessages();
  const format = useFormat();
  const [cancelling, setCancelling] = useState(false);
  const [telling, setTelling] = useState(false);
  const { policy } = record;
  const p = t.policies;
  const mayNot = record.may.includes("edit") ? null : p.mayNot;
  const renewNot = mayNot ?? (record.next_term ? p.renewedAlready : null);
  const cancelNot = mayNot ?? (policy.status === "quoted" ? p.onlyQuoted : null);
  const term = (other: PolicyRecord["prior_term"]) =>
    other ? (
      <LinkAnchor {...paths.policy(record.insured_id, other.id)}>
        {other.number} ({format.date(other.effective_on)} – {format.date(other.expires_on)})
      </LinkAnchor>
    ) : null;
  return (
    <article className={classes.page}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          {policy.line_label} <span className={classes.number}>{policy.number}</span>
        </h2>
        <PolicyStateBadge policy={policy} />
        <div className={classes.actions}>
          {mayNot === null ? (
            <LinkButton {...paths.editPolicy(record.insured_id, record.id)} variant="default">
              {p.edit}
            </LinkButton>
          ) : (
            <GuardedButton reason={mayNot} variant="default">
              {p.edit}
            </GuardedButton>
          )}
          {renewNot === null ? (
            <LinkButton {...paths.renewPolicy(record.insured_id, record.id)} variant="default">
              {p.renew}
            </LinkButton>
          ) : (
            <GuardedButton reason={renewNot} variant="default">
              {p.renew}
            </GuardedButton>
          )}
          <GuardedButton reason={cancelNot} variant="default" onClick={() => setCancelling(true)}>
            {policy.status === "cancelled" ? p.correctCancellation : p.cancelPolicy}
          </GuardedButton>
        </div>
      </header>
      {policy.cancelled_on ? (
        <p className={classes.notice}>
          <StatusBadge tone={policy.state === "cancelled" ? "bad" : "warn"}>
            {(policy.state === "cancelled" ? p.cancelledOn : p.cancelsFor)(
              format.date(policy.cancelled_on),
              policy.cancel_reason ?? "",
            )}
          </StatusBadge>
        </p>
      ) : null}
      {policy.issuing_authority ? (
        <p className={classes.notice}>
          <StatusBadge tone={policy.issuing_authority === "agency" ? "good" : "warn"}>
            {policy.issuing_authority === "wholesaler"
              ? p.surplusWholesaler(policy.wholesaler ?? "")
              : p.surplus[policy.issuing_authority]}
          </StatusBadge>
        </p>
      ) : null}
      <div className={classes.facts}>
        <FactList
          columns={2}
          facts={[
            { label: p.carrier, value: policy.carrier.name },
            { label: p.naicLabel, value: policy.carrier.naic },
            {
              label: p.term,
              value: `${format.date(policy.effective_on)} – ${format.date(policy.expires_on)}`,
            },
            { label: p.status, value: p.statuses[policy.status] },
            { label: p.namedInsured, value: policy.named_insured },
            { label: p.market, value: policy.issuing_authority ? p.surplusLines : p.admitted },
            { label: p.priorTerm, value: term(record.prior_term) },
            { label: p.nextTerm, value: term(record.next_term) },
          ]}
        />
      </div>
      <Section title={p.coverage}>
        <dl className={classes.limits}>
          {coverageFacts(policy.coverage, t, format).map((fact) => (
            <div key={fact.label} className={classes.limit}>
              <dt>{fact.label}</dt>
              <dd data-amount={fact.amount || undefined}>{fact.value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <EndorsementList record={record} />
      {policy.vehicles.length === 0 ? null : (
        <Section title={p.vehiclesOf(policy.vehicles.length)}>
          <ul className={classes.vehicles}>
            {policy.vehicles.map((vehicle) => (
              <li key={vehicle.id}>
                <span className={classes.strong}>
                  {[vehicle.year, vehicle.make, vehicle.model].filter(Boolean).join(" ")}
                </span>
                <span className={classes.soft}>
                  {p.vin(vehicle.vin)}
                  {vehicle.garaging_state ? ` · ${p.garaged(vehicle.garaging_state)}` : null}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {record.may.includes("view_holders") ? (
        <Section
          title={p.holders}
          note={policy.state === "cancelled" ? p.holdersCancelledNote : p.holdersNote}
          {...(policy.status === "cancelled"
            ? {
                actions: (
                  <GuardedButton
                    size="xs"
                    reason={record.may.includes("send_notices") ? null : t.notices.mayNot}
                    onClick={() => setTelling(true)}
                  >
                    {t.notices.send}
                  </GuardedButton>
                ),
              }
            : {})}
        >
          <PolicyHolders record={record} />
        </Section>
      ) : null}
      {record.may.includes("view_history") ? (
        <Section title={p.history}>
          <PolicyHistory policy={record.id} />
        </Section>
      ) : null}
      {cancelling ? (
        <CancelPolicy
          record={record}
          onClose={() => setCancelling(false)}
          onRelied={() => setTelling(true)}
        />
      ) : null}
      {telling ? <NoticeDialog record={record} onClose={() => setTelling(false)} /> : null}
    </article>
  );
}
