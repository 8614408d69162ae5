import type { components } from "@countersign/api/schema";
import { createFormat } from "@countersign/ui/format";
import { expect, test } from "vitest";
import { choicesOf, conflictRows, openOf, takenOf } from "../../conflict-rows";
import { en } from "../../messages/en";
import { takeOverTerms, termFacts } from "./term-facts";

type PolicyTerms = components["schemas"]["PolicyTerms"];
type CoverageTerms = components["schemas"]["CoverageTerms"];

const FORMAT = createFormat("en-US", "America/Los_Angeles");

function money(amount: string) {
  return { amount, currency: "USD" };
}

const LIABILITY: CoverageTerms = {
  line: "general_liability",
  trigger: "claims_made",
  aggregate_per: "other",
  aggregate_other: "Each yard",
  each_occurrence: money("1,000,000"),
  damage_to_rented_premises: money("100,000"),
  medical_expense: money("5,000"),
  personal_and_advertising_injury: money("900,000"),
  general_aggregate: money("2,000,000"),
  products_completed_operations_aggregate: money("3,000,000"),
  extra_boxes: ["Contractual liability"],
  extra_limit: { label: "Employee benefits", amount: money("50,000") },
};

/** Of each line a cover that says everything, and one that says none of it. */
const COVERS: readonly (readonly [CoverageTerms, CoverageTerms])[] = [
  [
    LIABILITY,
    { line: "general_liability", trigger: "occurrence", aggregate_per: "policy", extra_boxes: [] },
  ],
  [
    {
      line: "commercial_auto",
      any: true,
      owned: true,
      scheduled: true,
      hired: true,
      non_owned: true,
      combined_single_limit: money("1,000,000"),
      bodily_injury_per_person: money("250,000"),
      bodily_injury_per_accident: money("500,000"),
      property_damage_per_accident: money("100,000"),
      extra_boxes: ["Trailer interchange"],
      extra_limit: { label: "Uninsured motorist", amount: money("60,000") },
    },
    {
      line: "commercial_auto",
      any: false,
      owned: false,
      scheduled: false,
      hired: false,
      non_owned: false,
      extra_boxes: [],
    },
  ],
  [
    {
      line: "umbrella_excess",
      kind: "excess",
      trigger: "claims_made",
      retention: "deductible",
      retention_amount: money("10,000"),
      each_occurrence: money("5,000,000"),
      aggregate: money("6,000,000"),
      extra_limit: { label: "Crisis response", amount: money("25,000") },
    },
    { line: "umbrella_excess", kind: "umbrella", trigger: "occurrence", retention: "none" },
  ],
  [
    {
      line: "workers_compensation",
      per_statute: true,
      other_basis: "USL&H",
      excluded: "yes",
      excluded_who: "Robin Vale",
      each_accident: money("1,000,000"),
      disease_each_employee: money("900,000"),
      disease_policy_limit: money("800,000"),
    },
    { line: "workers_compensation", per_statute: false, excluded: "no" },
  ],
  [
    {
      line: "other",
      description: "Pollution",
      limits: [{ label: "Each claim", amount: money("1,000,000") }],
    },
    { line: "other", description: "", limits: [] },
  ],
];

function terms(coverage: CoverageTerms): PolicyTerms {
  return {
    number: "GL-1",
    insurer: { name: "Harbor Mutual Insurance Company", naic: "12345" },
    named_insured: "Alder Creek Roofing LLC",
    effective_on: "2026-01-01",
    expires_on: "2027-01-01",
    status: "active",
    issuing_authority: "wholesaler",
    wholesaler: "Summit Wholesale",
    coverage,
  };
}

const BLANK: Omit<PolicyTerms, "coverage"> = {
  number: "",
  insurer: { name: "", naic: "" },
  named_insured: "",
  effective_on: "2025-01-01",
  expires_on: "2026-01-01",
};

test("all parts of a policy's terms make the whole, in each line", () => {
  for (const [whole, coverage] of COVERS) {
    const onFile = terms(whole);
    const units = new Set(termFacts(onFile, en, FORMAT).map((fact) => fact.unit));
    expect(takeOverTerms({ ...BLANK, coverage }, onFile, units)).toEqual(onFile);
  }
});

test("each fact of a policy belongs to the part that it is taken over with", () => {
  for (const [whole, coverage] of COVERS) {
    const [mine, onFile] = [terms(coverage), terms(whole)];
    const rows = conflictRows(
      termFacts(mine, en, FORMAT),
      termFacts(onFile, en, FORMAT),
      termFacts(mine, en, FORMAT),
    );
    for (const unit of new Set(rows.map((row) => row.unit))) {
      const merged = takeOverTerms(mine, onFile, new Set([unit]));
      const left = conflictRows(
        termFacts(merged, en, FORMAT),
        termFacts(onFile, en, FORMAT),
        termFacts(merged, en, FORMAT),
      );
      expect(left).toEqual(rows.filter((row) => row.unit !== unit));
    }
  }
});

test("two people who put right two limits of one policy have nothing to decide", () => {
  const was = terms(LIABILITY);
  const theirs = terms({ ...LIABILITY, each_occurrence: money("2,000,000") });
  const mine = terms({ ...LIABILITY, general_aggregate: money("4,000,000") });
  const choices = choicesOf(
    conflictRows(
      termFacts(was, en, FORMAT),
      termFacts(theirs, en, FORMAT),
      termFacts(mine, en, FORMAT),
    ),
  );
  expect(openOf(choices, new Map())).toEqual([]);
  expect(takeOverTerms(mine, theirs, takenOf(choices, new Map())).coverage).toEqual({
    ...LIABILITY,
    each_occurrence: money("2,000,000"),
    general_aggregate: money("4,000,000"),
  });
});
