import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import type { Messages } from "../../messages/en";

type Coverage = components["schemas"]["Coverage"];
type Money = components["schemas"]["Money"];

export interface CoverageFact {
  readonly label: string;
  readonly value: string;
  /** An amount, which is compared with those above and below it. */
  readonly amount: boolean;
}

/** A policy's coverage as pairs to read, in the order in which a certificate lists them. */
export function coverageFacts(coverage: Coverage, t: Messages, format: Format): CoverageFact[] {
  const facts: CoverageFact[] = [];
  const say = (label: string, value: string) => facts.push({ label, value, amount: false });
  const limit = (label: string, money: Money | null | undefined) => {
    if (money) facts.push({ label, value: format.money(money), amount: true });
  };
  const more = (limits: readonly components["schemas"]["NamedLimit"][]) => {
    for (const each of limits) limit(each.label, each.amount);
  };
  const c = t.coverage;
  switch (coverage.line) {
    case "general_liability":
      say(c.trigger, c.triggers[coverage.trigger]);
      say(
        c.aggregatePer,
        coverage.aggregate_per === "other" && coverage.aggregate_per_other
          ? coverage.aggregate_per_other
          : c.per[coverage.aggregate_per],
      );
      limit(c.eachOccurrence, coverage.each_occurrence);
      limit(c.rentedPremises, coverage.damage_to_rented_premises);
      limit(c.medicalExpense, coverage.medical_expense);
      limit(c.personalInjury, coverage.personal_and_advertising_injury);
      limit(c.generalAggregate, coverage.general_aggregate);
      limit(c.productsAggregate, coverage.products_completed_operations_aggregate);
      more(coverage.other_limits);
      break;
    case "commercial_auto": {
      const autos = [
        coverage.any_auto ? c.anyAuto : null,
        coverage.owned ? c.owned : null,
        coverage.scheduled ? c.scheduled : null,
        coverage.hired ? c.hired : null,
        coverage.non_owned ? c.nonOwned : null,
      ].filter((each) => each !== null);
      say(c.autos, format.list(autos));
      limit(c.combinedSingleLimit, coverage.combined_single_limit);
      limit(c.injuryPerPerson, coverage.bodily_injury_per_person);
      limit(c.injuryPerAccident, coverage.bodily_injury_per_accident);
      limit(c.propertyDamage, coverage.property_damage_per_accident);
      more(coverage.other_limits);
      break;
    }
    case "umbrella_excess":
      say(c.kind, c.kinds[coverage.kind]);
      say(c.trigger, c.triggers[coverage.trigger]);
      limit(c.deductible, coverage.deductible);
      limit(c.retention, coverage.retention);
      limit(c.eachOccurrence, coverage.each_occurrence);
      limit(c.aggregate, coverage.aggregate);
      more(coverage.other_limits);
      break;
    case "workers_compensation":
      say(c.perStatute, coverage.per_statute ? t.yes : t.no);
      say(
        c.excluded,
        coverage.excluded === "yes" && coverage.excluded_description
          ? `${t.yes}: ${coverage.excluded_description}`
          : c.excludedAnswers[coverage.excluded],
      );
      limit(c.eachAccident, coverage.each_accident);
      limit(c.diseaseEmployee, coverage.disease_each_employee);
      limit(c.diseasePolicy, coverage.disease_policy_limit);
      break;
    case "other":
      say(c.description, coverage.description);
      more(coverage.limits);
      break;
  }
  return facts;
}
