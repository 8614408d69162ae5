import { expect, test } from "vitest";
import { conflictRows } from "../../conflict-rows";
import { en } from "../../messages/en";
import { bodyOf, linkFacts, type LinkValues, placeOf, takeOverLink, valuesOf } from "./link-form";

const VALUES: LinkValues = {
  contract: " Job 4471 ",
  renewals: true,
  limits: {
    umb_each_occurrence: "$5,000,000",
    gl_each_occurrence: "1,000,000",
    umb_aggregate: " ",
  },
  ongoing: true,
  completed: false,
  primary: false,
  waiver: ["general_liability"],
  forms: [
    { number: "", edition: "" },
    { number: "CG 20 37", edition: "04 13" },
    { number: "CG 20 01", edition: "" },
  ],
  name: "",
};

test("what was typed is sent in the order of the page, without what is empty", () => {
  expect(bodyOf(VALUES)).toEqual({
    contract_reference: "Job 4471",
    receives_renewals: true,
    requirements: {
      limits: [
        { limit: "gl_each_occurrence", minimum: { amount: "1000000", currency: "USD" } },
        { limit: "umb_each_occurrence", minimum: { amount: "5000000", currency: "USD" } },
      ],
      additional_insured_ongoing: true,
      additional_insured_completed: false,
      primary_noncontributory: false,
      waiver: ["general_liability"],
      forms: [
        { form_number: "CG 20 37", edition: "04 13" },
        { form_number: "CG 20 01", edition: null },
      ],
      holder_name: null,
    },
  });
});

test("a refused entry is told at the field it was typed into", () => {
  expect(placeOf("requirements.limits.1.minimum.amount", VALUES)).toBe("umb_each_occurrence");
  expect(placeOf("requirements.forms.0.edition", VALUES)).toBe("forms.1.edition");
  expect(placeOf("requirements.forms.1", VALUES)).toBe("forms.2.number");
  expect(placeOf("requirements.forms", VALUES)).toBeNull();
  expect(placeOf("requirements.holder_name", VALUES)).toBe("name");
  expect(placeOf("contract_reference", VALUES)).toBe("contract");
});

test("what is stored is shown as people write it", () => {
  const shown = valuesOf({
    insured: { id: "a", name: "Alder Creek Roofing LLC" },
    holder: { id: "b", name: "Northgate Builders, Inc." },
    version: 1,
    receives_renewals: false,
    requirements: {
      limits: [{ limit: "umb_aggregate", minimum: { amount: "5000000.00", currency: "USD" } }],
      forms: [{ form_number: "CG 20 37" }],
    },
    may: [],
  });
  expect(shown.limits).toEqual({ umb_aggregate: "5,000,000" });
  expect(shown.forms).toEqual([{ number: "CG 20 37", edition: "" }]);
  expect(shown.renewals).toBe(false);
});

test("two people who ask for different limits both get theirs", () => {
  const before: LinkValues = { ...VALUES, limits: { gl_each_occurrence: "1,000,000" } };
  const theirs = { ...before, limits: { ...before.limits, umb_aggregate: "5,000,000" } };
  const mine = { ...before, limits: { gl_each_occurrence: "$2,000,000" } };
  const rows = conflictRows(linkFacts(before, en), linkFacts(theirs, en), linkFacts(mine, en));
  expect(rows.map(({ unit, was, theirs, mine }) => [unit, was, theirs, mine])).toEqual([
    ["gl_each_occurrence", "$1,000,000", "$1,000,000", "$2,000,000"],
    ["umb_aggregate", "", "$5,000,000", ""],
  ]);
  expect(takeOverLink(mine, theirs, new Set(["umb_aggregate"])).limits).toEqual({
    gl_each_occurrence: "$2,000,000",
    umb_aggregate: "5,000,000",
  });
});

test("an amount that is written in another way, and a row that is empty, are no change", () => {
  const plainly = {
    ...VALUES,
    limits: { umb_each_occurrence: "5000000", gl_each_occurrence: "1000000" },
  };
  const facts = linkFacts(VALUES, en);
  const typed = linkFacts({ ...plainly, forms: VALUES.forms.slice(1) }, en);
  expect(conflictRows(facts, facts, typed)).toEqual([]);
});

test("all parts of what a holder asks make the whole", () => {
  const none = valuesOf({
    insured: { id: "a", name: "" },
    holder: { id: "b", name: "" },
    version: 1,
    receives_renewals: false,
    requirements: {},
    may: [],
  });
  const units = new Set(linkFacts(VALUES, en).map((fact) => fact.unit));
  const whole = { ...VALUES, completed: true, primary: true, name: "Northgate" };
  expect(takeOverLink(none, whole, units)).toMatchObject(whole);
});
