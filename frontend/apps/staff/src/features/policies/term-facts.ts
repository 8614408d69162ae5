import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import type { Fact, Parts } from "../../conflict-rows";
import type { Messages } from "../../messages/en";
import { grouped } from "../../money";
import type { EndorsementDraft } from "./endorsement-draft";

type PolicyTerms = components["schemas"]["PolicyTerms"];
type Money = components["schemas"]["Money"];

/** The parts of a policy's terms that are kept or taken over as a whole. */
export const TERM_PARTS = {
  number: ["number"],
  insurer: ["insurer"],
  named_insured: ["named_insured"],
  term: ["effective_on", "expires_on"],
  status: ["status"],
  market: ["issuing_authority", "wholesaler"],
  coverage: ["coverage"],
} as const satisfies Parts<PolicyTerms>;

export function termFacts(terms: PolicyTerms, t: Messages, format: Format): Fact[] {
  const p = t.policies;
  return [
    { unit: "number", label: p.number, value: terms.number },
    { unit: "insurer", label: p.carrier, value: terms.insurer.name },
    { unit: "insurer", label: p.naicLabel, value: terms.insurer.naic },
    { unit: "named_insured", label: p.namedInsured, value: terms.named_insured },
    { unit: "term", label: p.effective, value: format.date(terms.effective_on) },
    { unit: "term", label: p.expires, value: format.date(terms.expires_on) },
    {
      unit: "status",
      label: p.status,
      value: terms.status ? p.statuses[terms.status] : p.statuses.cancelled,
    },
    {
      unit: "market",
      label: p.market,
      value: terms.issuing_authority ? p.authorities[terms.issuing_authority] : p.admitted,
    },
    { unit: "market", label: p.wholesaler, value: terms.wholesaler ?? "" },
    ...coverageFacts(terms.coverage, t).map((fact) => ({ unit: "coverage", ...fact })),
  ];
}

function coverageFacts(
  coverage: components["schemas"]["CoverageTerms"],
  t: Messages,
): { label: string; value: string }[] {
  const c = t.coverage;
  const l = c.limits;
  const money = (label: string, amount: Money | null | undefined) => ({
    label,
    value: amount ? `$${amount.amount.includes(",") ? amount.amount : grouped(amount.amount)}` : "",
  });
  const say = (label: string, value: string) => ({ label, value });
  const yes = (label: string, value: boolean) => say(label, value ? t.yes : t.no);
  switch (coverage.line) {
    case "general_liability":
      return [
        say(c.trigger, c.triggers[coverage.trigger]),
        say(c.aggregatePer, coverage.aggregate_other ?? c.per[coverage.aggregate_per]),
        money(l.each_occurrence, coverage.each_occurrence),
        money(l.damage_to_rented_premises, coverage.damage_to_rented_premises),
        money(l.medical_expense, coverage.medical_expense),
        money(l.personal_and_advertising_injury, coverage.personal_and_advertising_injury),
        money(l.general_aggregate, coverage.general_aggregate),
        money(
          l.products_completed_operations_aggregate,
          coverage.products_completed_operations_aggregate,
        ),
        say(c.extraBoxes, coverage.extra_boxes.join(", ")),
        money(coverage.extra_limit?.label ?? c.extraLimit, coverage.extra_limit?.amount),
      ];
    case "commercial_auto":
      return [
        yes(c.anyAuto, coverage.any),
        yes(c.owned, coverage.owned),
        yes(c.scheduled, coverage.scheduled),
        yes(c.hired, coverage.hired),
        yes(c.nonOwned, coverage.non_owned),
        money(l.combined_single_limit, coverage.combined_single_limit),
        money(l.bodily_injury_per_person, coverage.bodily_injury_per_person),
        money(l.bodily_injury_per_accident, coverage.bodily_injury_per_accident),
        money(l.property_damage_per_accident, coverage.property_damage_per_accident),
        say(c.extraBoxes, coverage.extra_boxes.join(", ")),
        money(coverage.extra_limit?.label ?? c.extraLimit, coverage.extra_limit?.amount),
      ];
    case "umbrella_excess":
      return [
        say(c.kind, c.kinds[coverage.kind]),
        say(c.trigger, c.triggers[coverage.trigger]),
        say(c.retentionKind, c.retentions[coverage.retention]),
        money(c.retentionAmount, coverage.retention_amount),
        money(l.each_occurrence, coverage.each_occurrence),
        money(l.aggregate, coverage.aggregate),
        money(coverage.extra_limit?.label ?? c.extraLimit, coverage.extra_limit?.amount),
      ];
    case "workers_compensation":
      return [
        yes(c.perStatute, coverage.per_statute),
        say(c.otherBasis, coverage.other_basis ?? ""),
        say(c.excluded, c.excludedAnswers[coverage.excluded]),
        say(c.excludedWho, coverage.excluded_who ?? ""),
        money(l.each_accident, coverage.each_accident),
        money(l.disease_each_employee, coverage.disease_each_employee),
        money(l.disease_policy_limit, coverage.disease_policy_limit),
      ];
    case "other":
      return [
        say(c.description, coverage.description),
        ...coverage.limits.map((limit) => money(limit.label, limit.amount)),
      ];
  }
}

export function formFacts(form: EndorsementDraft, t: Messages, format: Format): Fact[] {
  const e = t.endorsements;
  const fact = (label: string, value: string) => ({ unit: "form", label, value });
  return [
    fact(e.number, form.form_number),
    fact(e.edition, form.edition),
    fact(e.titleOf, form.title),
    fact(e.effect, form.effect ? e.effects[form.effect] : ""),
    fact(e.scope, form.scope ? t.policies.scopes[form.scope] : ""),
    fact(e.parties, (form.scheduled_parties ?? []).join("; ")),
    fact(e.days, form.notice_days ? String(form.notice_days) : ""),
    fact(e.from, form.effective_on ? format.date(form.effective_on) : ""),
    fact(e.until, form.ends_on ? format.date(form.ends_on) : ""),
  ];
}
