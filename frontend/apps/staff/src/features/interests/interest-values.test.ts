import { expect, test } from "vitest";
import {
  emptyInterest,
  formField,
  interestBody,
  interestValues,
  isHolder,
  ofHolder,
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
