import type { components } from "@countersign/api/schema";
import { createFormat } from "@countersign/ui/format";
import { expect, test } from "vitest";
import { takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import {
  emptyInterest,
  formField,
  interestBody,
  interestFacts,
  type InterestValues,
  interestValues,
  isHolder,
  ofHolder,
  PARTS,
} from "./interest-values";

const whole = { ...emptyInterest("2026-11-26"), name: "Lender", nature: "LP" as const };

test("without a nature or a first day there is nothing to save", () => {
  expect(interestBody(emptyInterest("2026-11-26"))).toBeNull();
  expect(interestBody({ ...whole, from_on: null })).toBeNull();
  expect(interestBody(whole)?.from_on).toBe("2026-11-26");
});

test("of an item only what fits its kind is sent", () => {
  const item = (kind: typeof whole.kind) =>
    interestBody({ ...whole, kind, vehicle: "v", text: " Yard " })?.item;
  expect(item("everything")).toEqual({ kind: "everything" });
  expect(item("vehicle")).toEqual({ kind: "vehicle", vehicle_id: "v" });
  expect(item("location")).toEqual({ kind: "location", text: "Yard" });
});

test("the words of a vehicle are not taken for those of a location", () => {
  const body = interestBody(whole);
  const values = interestValues({
    id: "i",
    version: 1,
    insured_id: "n",
    holder_id: "h",
    name: "Lender",
    address: whole.address,
    emails: [],
    nature: "LP",
    nature_label: "Loss payee",
    item: { kind: "vehicle", vehicle_id: "v", text: "2022 Ford, VIN 1" },
    from_on: "2026-11-26",
    policies: [],
    endorsements: [],
    state: "current",
    may: [],
  });
  expect(values.text).toBe("");
  expect(interestBody(values)).toEqual({ ...body, item: { kind: "vehicle", vehicle_id: "v" } });
});

test("a refused field is told at the field that holds it", () => {
  expect(formField("item.vehicle_id")).toBe("vehicle");
  expect(formField("item.text")).toBe("text");
  expect(formField("endorsement_ids")).toBe("policies");
  expect(formField("emails.1")).toBe("emails");
  expect(formField("address.city")).toBe("address.city");
});

test("a holder of the library is entered letter by letter, and known again", () => {
  const holder = {
    id: "h",
    version: 1,
    name: "First Valley Bank",
    care_of: "ISAOA",
    address: { line1: "1 Bank Street", city: "Reno", state: "NV", postal_code: "89501" },
    emails: ["collateral@bank.example.com"],
  };
  const values = { ...whole, ...ofHolder(holder) };
  expect(values.emails).toEqual(holder.emails);
  expect(interestBody(values)?.address).toEqual({ ...holder.address, line2: null });
  expect(isHolder(values, holder)).toBe(true);
  expect(isHolder({ ...values, name: "FIRST VALLEY BANK " }, holder)).toBe(true);
  expect(isHolder({ ...values, care_of: "" }, holder)).toBe(false);
  expect(isHolder(whole, holder)).toBe(false);
});

const LEASED: InterestValues = {
  name: "Basin Leasing, Inc.",
  care_of: "c/o Trustee",
  address: { line1: "900 Rail Spur", line2: "", city: "Sparks", state: "NV", postal_code: "89434" },
  emails: ["proof@leasing.example.com"],
  nature: "LS",
  kind: "vehicle",
  vehicle: "v",
  text: "",
  reference: "Lease 88-104",
  from_on: "2026-01-01",
  until_on: "2026-12-31",
  policies: ["p", "gone"],
  endorsements: ["e"],
};

test("all parts of an interest make the whole, and each is told in words", () => {
  const policies: components["schemas"]["Policy"][] = [];
  const format = createFormat("en-US", "America/Los_Angeles");
  const facts = interestFacts(LEASED, policies, en, format);
  const units = new Set(facts.map((fact) => fact.unit));
  expect(takeOver(PARTS, emptyInterest("2026-11-26"), LEASED, units)).toEqual(LEASED);
  const said = (label: string) => facts.find((fact) => fact.label === label)?.value;
  expect(said(en.interests.nature)).toBe("LS – Lessor of leased equipment");
  expect(said(en.interests.itemKind)).toBe("A vehicle");
  expect(said(en.interests.untilOn)).toBe("12/31/2026");
  // A policy that the page does not know is one all the same.
  expect(said(en.interests.policies)).toBe("another policy; another policy");
});

test("an interest in everything says nothing of a vehicle, a place or a contract", () => {
  const format = createFormat("en-US", "America/Los_Angeles");
  const labels = (values: InterestValues) =>
    interestFacts(values, [], en, format).map((fact) => fact.label);
  expect(labels({ ...LEASED, kind: "everything" })).not.toContain(en.interests.vehicle);
  expect(labels({ ...LEASED, kind: "contract" })).toContain(en.interests.contract);
});
