import type { components } from "@countersign/api/schema";
import { grouped, plain } from "../../money";

type Money = components["schemas"]["Money"];
type CoverageTerms = components["schemas"]["CoverageTerms"];
type NamedLimit = components["schemas"]["NamedLimit"];

type Maybe<T> = T | null | undefined;

/** A cover with each of its amounts written in another way; an amount without text is none. */
function mapAmounts(coverage: CoverageTerms, write: (amount: string) => string): CoverageTerms {
  const one = (money: Money): Money => ({ ...money, amount: write(money.amount) });
  const of = (money: Maybe<Money>): Money | null =>
    money && money.amount.trim() !== "" ? one(money) : null;
  const named = (limit: NamedLimit): NamedLimit => ({ ...limit, amount: one(limit.amount) });
  const extra = (limit: Maybe<NamedLimit>): NamedLimit | null => (limit ? named(limit) : null);
  switch (coverage.line) {
    case "general_liability":
      return {
        ...coverage,
        each_occurrence: of(coverage.each_occurrence),
        damage_to_rented_premises: of(coverage.damage_to_rented_premises),
        medical_expense: of(coverage.medical_expense),
        personal_and_advertising_injury: of(coverage.personal_and_advertising_injury),
        general_aggregate: of(coverage.general_aggregate),
        products_completed_operations_aggregate: of(
          coverage.products_completed_operations_aggregate,
        ),
        extra_limit: extra(coverage.extra_limit),
      };
    case "commercial_auto":
      return {
        ...coverage,
        combined_single_limit: of(coverage.combined_single_limit),
        bodily_injury_per_person: of(coverage.bodily_injury_per_person),
        bodily_injury_per_accident: of(coverage.bodily_injury_per_accident),
        property_damage_per_accident: of(coverage.property_damage_per_accident),
        extra_limit: extra(coverage.extra_limit),
      };
    case "umbrella_excess":
      return {
        ...coverage,
        retention_amount: of(coverage.retention_amount),
        each_occurrence: of(coverage.each_occurrence),
        aggregate: of(coverage.aggregate),
        extra_limit: extra(coverage.extra_limit),
      };
    case "workers_compensation":
      return {
        ...coverage,
        each_accident: of(coverage.each_accident),
        disease_each_employee: of(coverage.disease_each_employee),
        disease_policy_limit: of(coverage.disease_policy_limit),
      };
    case "other":
      return { ...coverage, limits: coverage.limits.map(named) };
  }
}

export function forReading(coverage: CoverageTerms): CoverageTerms {
  return mapAmounts(coverage, grouped);
}

export function forSending(coverage: CoverageTerms): CoverageTerms {
  return mapAmounts(coverage, plain);
}
