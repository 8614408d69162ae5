import { expect, test } from "vitest";
import { conflictRows, takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import { EMPTY, holderFacts, type HolderValues, PARTS, valuesOf } from "./holder-values";

const BANK: HolderValues = {
  name: "First Valley Bank",
  care_of: "ISAOA",
  emails: ["collateral@bank.example.com"],
  phone: "(775) 555-0100",
  channel: "link",
  aliases: ["FVB", "First Valley"],
  address: { line1: "1 Bank Street", line2: "", city: "Reno", state: "NV", postal_code: "89501" },
};

test("all parts of a holder make the whole, and each is told in words", () => {
  const units = new Set(holderFacts(BANK, en).map((fact) => fact.unit));
  expect(takeOver(PARTS, EMPTY, BANK, units)).toEqual(BANK);
  expect(holderFacts(BANK, en).map((fact) => fact.value)).toEqual([
    "First Valley Bank",
    "ISAOA",
    "FVB; First Valley",
    "1 Bank Street, Reno, NV 89501",
    "collateral@bank.example.com",
    "(775) 555-0100",
    "Secure link",
  ]);
});

test("a blank that is not sent is no change of a holder", () => {
  const typed = { ...BANK, name: " First Valley Bank ", phone: "(775) 555-0100 " };
  const facts = holderFacts(BANK, en);
  expect(conflictRows(facts, facts, holderFacts(typed, en))).toEqual([]);
});

test("what a holder lacks is empty in the form", () => {
  const record = { id: "h", version: 1, name: "Bank", emails: [], aliases: [], alike: [] };
  const { address } = BANK;
  const values = valuesOf({ ...record, address, groups: [], insureds: [], may: [], merged: [] });
  expect(values).toEqual({ ...EMPTY, name: "Bank", address });
});
