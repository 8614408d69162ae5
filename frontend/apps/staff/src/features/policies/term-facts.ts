import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import { type Fact, type Parts, takeOver } from "../../conflict-rows";
import type { Messages } from "../../messages/en";
import { grouped } from "../../money";
import type { EndorsementDraft } from "./endorsement-draft";

type PolicyTerms = components["schemas"]["PolicyTerms"];
type Money = components["schemas"]["Money"];
type CoverageTerms = components["schemas"]["CoverageTerms"];
type CoverOf<L extends CoverageTerms["line"]> = Extract<CoverageTerms, { readonly line: L }>;

/** The parts of a policy's terms that are kept or taken over as a whole; its coverage has parts of its own. */
const TERM_PARTS = {
  number: ["number"],
  insurer: ["insurer"],
  named_insured: ["named_insured"],
  term: ["effective_on", "expires_on"],
  status: ["status"],
  market: ["issuing_authority", "wholesaler"],
} as const satisfies Parts<PolicyTerms>;

/** Each limit by itself: what two people put right in two of them is no question of one or the other. */
const GENERAL_LIABILITY = {
  trigger: ["trigger"],
  aggregate_per: ["aggregate_per", "aggregate_other"],
  each_occurrence: ["each_occurrence"],
  damage_to_rented_premises: ["damage_to_rented_premises"],
  medical_expense: ["medical_expense"],
  personal_and_advertising_injury: ["personal_and_advertising_injury"],
  general_aggregate: ["general_aggregate"],
  products_completed_operations_aggregate: ["products_completed_operations_aggregate"],
  extra_boxes: ["extra_boxes"],
  extra_limit: ["extra_limit"],
} as const satisfies Parts<CoverOf<"general_liability">>;

const COMMERCIAL_AUTO = {
  any: ["any"],
  owned: ["owned"],
  scheduled: ["scheduled"],
  hired: ["hired"],
  non_owned: ["non_owned"],
  combined_single_limit: ["combined_single_limit"],
  bodily_injury_per_person: ["bodily_injury_per_person"],
  bodily_injury_per_accident: ["bodily_injury_per_accident"],
  property_damage_per_accident: ["property_damage_per_accident"],
  extra_boxes: ["extra_boxes"],
  extra_limit: ["extra_limit"],
} as const satisfies Parts<CoverOf<"commercial_auto">>;

const UMBRELLA_EXCESS = {
  kind: ["kind"],
  trigger: ["trigger"],
  retention: ["retention", "retention_amount"],
  each_occurrence: ["each_occurrence"],
  aggregate: ["aggregate"],
  extra_limit: ["extra_limit"],
} as const satisfies Parts<CoverOf<"umbrella_excess">>;

const WORKERS_COMPENSATION = {
  per_statute: ["per_statute"],
  other_basis: ["other_basis"],
  excluded: ["excluded", "excluded_who"],
  each_accident: ["each_accident"],
  disease_each_employee: ["disease_each_employee"],
  disease_policy_limit: ["disease_policy_limit"],
} as const satisfies Parts<CoverOf<"workers_compensation">>;

const OTHER = {
  description: ["description"],
  limits: ["limits"],
} as const satisfies Parts<CoverOf<"other">>;

/** What was entered of a policy, with some parts as they are on file. */
export function takeOverTerms(
  mine: PolicyTerms,
  onFile: PolicyTerms,
  taken: ReadonlySet<string>,
): PolicyTerms {
  return {
    ...takeOver(TERM_PARTS, mine, onFile, taken),
    coverage: takeOverCoverage(mine.coverage, onFile.coverage, taken),
  };
}

/** A policy keeps its line for good, so that both are of the same one. */
function takeOverCoverage(
  mine: CoverageTerms,
  onFile: CoverageTerms,
  taken: ReadonlySet<string>,
): CoverageTerms {
  if (mine.line === "general_liability" && onFile.line === "general_liability") {
    return takeOver(GENERAL_LIABILITY, mine, onFile, taken);
  }
  if (mine.line === "commercial_auto" && onFile.line === "commercial_auto") {
    return takeOver(COMMERCIAL_AUTO, mine, onFile, taken);
  }
  if (mine.line === "umbrella_excess" && onFile.line === "umbrella_excess") {
    return takeOver(UMBRELLA_EXCESS, mine, onFile, taken);
  }
  if (mine.line === "workers_compensation" && onFile.line === "workers_compensation") {
    return takeOver(WORKERS_COMPENSATION, mine, onFile, taken);
  }
  if (mine.line === "other" && onFile.line === "other") {
    return takeOver(OTHER, mine, onFile, taken);
  }
  return mine;
}

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
    ...coverageFacts(terms.coverage, t),
  ];
}

function coverageFacts(coverage: CoverageTerms, t: Messages): Fact[] {
  const c = t.coverage;
  const l = c.limits;
  const say = (unit: string, label: string, value: string) => ({ unit, label, value });
  const yes = (unit: string, label: string, value: boolean) =>
    say(unit, label, value ? t.yes : t.no);
  const amountOf = ({ amount }: Money) => `$${amount.includes(",") ? amount : grouped(amount)}`;
  const money = (unit: string, label: string, amount: Money | null | undefined) =>
    say(unit, label, amount ? amountOf(amount) : "");
  /** A limit that bears its own name. */
  const extra = (limit: components["schemas"]["NamedLimit"] | null | undefined) =>
    say("extra_limit", c.extraLimit, limit ? `${limit.label} ${amountOf(limit.amount)}` : "");
  switch (coverage.line) {
    case "general_liability":
      return [
        say("trigger", c.trigger, c.triggers[coverage.trigger]),
        say(
          "aggregate_per",
          c.aggregatePer,
          coverage.aggregate_other ?? c.per[coverage.aggregate_per],
        ),
        money("each_occurrence", l.each_occurrence, coverage.each_occurrence),
        money(
          "damage_to_rented_premises",
          l.damage_to_rented_premises,
          coverage.damage_to_rented_premises,
        ),
        money("medical_expense", l.medical_expense, coverage.medical_expense),
        money(
          "personal_and_advertising_injury",
          l.personal_and_advertising_injury,
          coverage.personal_and_advertising_injury,
        ),
        money("general_aggregate", l.general_aggregate, coverage.general_aggregate),
        money(
          "products_completed_operations_aggregate",
          l.products_completed_operations_aggregate,
          coverage.products_completed_operations_aggregate,
        ),
        say("extra_boxes", c.extraBoxes, coverage.extra_boxes.join(", ")),
        extra(coverage.extra_limit),
      ];
    case "commercial_auto":
      return [
        yes("any", c.anyAuto, coverage.any),
        yes("owned", c.owned, coverage.owned),
        yes("scheduled", c.scheduled, coverage.scheduled),
        yes("hired", c.hired, coverage.hired),
        yes("non_owned", c.nonOwned, coverage.non_owned),
        money("combined_single_limit", l.combined_single_limit, coverage.combined_single_limit),
        money(
          "bodily_injury_per_person",
          l.bodily_injury_per_person,
          coverage.bodily_injury_per_person,
        ),
        money(
          "bodily_injury_per_accident",
          l.bodily_injury_per_accident,
          coverage.bodily_injury_per_accident,
        ),
        money(
          "property_damage_per_accident",
          l.property_damage_per_accident,
          coverage.property_damage_per_accident,
        ),
        say("extra_boxes", c.extraBoxes, coverage.extra_boxes.join(", ")),
        extra(coverage.extra_limit),
      ];
    case "umbrella_excess":
      return [
        say("kind", c.kind, c.kinds[coverage.kind]),
        say("trigger", c.trigger, c.triggers[coverage.trigger]),
        say("retention", c.retentionKind, c.retentions[coverage.retention]),
        money("retention", c.retentionAmount, coverage.retention_amount),
        money("each_occurrence", l.each_occurrence, coverage.each_occurrence),
        money("aggregate", l.aggregate, coverage.aggregate),
        extra(coverage.extra_limit),
      ];
    case "workers_compensation":
      return [
        yes("per_statute", c.perStatute, coverage.per_statute),
        say("other_basis", c.otherBasis, coverage.other_basis ?? ""),
        say("excluded", c.excluded, c.excludedAnswers[coverage.excluded]),
        say("excluded", c.excludedWho, coverage.excluded_who ?? ""),
        money("each_accident", l.each_accident, coverage.each_accident),
        money("disease_each_employee", l.disease_each_employee, coverage.disease_each_employee),
        money("disease_policy_limit", l.disease_policy_limit, coverage.disease_policy_limit),
      ];
    case "other":
      return [
        say("description", c.description, coverage.description),
        ...coverage.limits.map((limit) => money("limits", limit.label, limit.amount)),
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
