import { expect, test } from "vitest";
import { takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import { EMPTY, insuredFacts, type InsuredValues, PARTS } from "./insured-values";

const ROOFER: InsuredValues = {
  name: "Alder Creek Roofing LLC",
  dba: "Alder Creek Roofs",
  kind: "personal",
  trade: "Roofing",
  email: "office@alder.example.com",
  phone: "(775) 555-0161",
  customer_id: "C-1",
  fein: "12-3456789",
  address: {
    line1: "1480 Kleppe Lane",
    line2: "Suite 2",
    city: "Sparks",
    state: "NV",
    postal_code: "89431",
  },
};

test("all parts of an insured make the whole, and each is told in words", () => {
  const facts = insuredFacts(ROOFER, en);
  expect(takeOver(PARTS, EMPTY, ROOFER, new Set(facts.map((fact) => fact.unit)))).toEqual(ROOFER);
  expect(facts.map((fact) => fact.value)).toEqual([
    "Alder Creek Roofing LLC",
    "Alder Creek Roofs",
    "Personal",
    "Roofing",
    "C-1",
    "12-3456789",
    "office@alder.example.com",
    "(775) 555-0161",
    "1480 Kleppe Lane, Suite 2, Sparks, NV 89431",
  ]);
});

test("an address that is not there is nothing, and not a line of commas", () => {
  const address = insuredFacts(EMPTY, en).find((fact) => fact.unit === "address");
  expect(address?.value).toBe("");
});
