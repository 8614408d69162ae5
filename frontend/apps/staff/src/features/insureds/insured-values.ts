import type { components } from "@countersign/api/schema";
import {
  addressBody,
  addressLine,
  type AddressValues,
  addressValues,
  NO_ADDRESS,
} from "../../address-values";
import type { Fact, Parts } from "../../conflict-rows";
import type { Messages } from "../../messages/en";
import { orNull } from "../../or-null";

type InsuredBody = components["schemas"]["InsuredBody"];
export type InsuredRecord = components["schemas"]["Insured"];

/** What the form holds. */
export interface InsuredValues {
  readonly name: string;
  readonly dba: string;
  readonly kind: InsuredBody["kind"];
  readonly trade: string;
  readonly email: string;
  readonly phone: string;
  readonly customer_id: string;
  readonly fein: string;
  readonly address: AddressValues;
}

export const EMPTY: InsuredValues = {
  name: "",
  dba: "",
  kind: "commercial",
  trade: "",
  email: "",
  phone: "",
  customer_id: "",
  fein: "",
  address: NO_ADDRESS,
};

export function valuesOf(record: InsuredRecord): InsuredValues {
  return {
    name: record.name,
    dba: record.dba ?? "",
    kind: record.kind === "personal" ? "personal" : "commercial",
    trade: record.trade ?? "",
    email: record.email ?? "",
    phone: record.phone ?? "",
    customer_id: record.customer_id ?? "",
    fein: record.fein ?? "",
    address: addressValues(record.address),
  };
}

export function bodyOf(values: InsuredValues): InsuredBody {
  return {
    name: values.name.trim(),
    dba: orNull(values.dba),
    kind: values.kind,
    trade: orNull(values.trade),
    email: orNull(values.email),
    phone: orNull(values.phone),
    customer_id: orNull(values.customer_id),
    fein: orNull(values.fein),
    address: addressBody(values.address),
  };
}

/** The parts of an insured that are kept or taken over as a whole. */
export const PARTS = {
  name: ["name"],
  dba: ["dba"],
  kind: ["kind"],
  trade: ["trade"],
  customer_id: ["customer_id"],
  fein: ["fein"],
  email: ["email"],
  phone: ["phone"],
  address: ["address"],
} as const satisfies Parts<InsuredValues>;

/** Everything that the form says of an insured, in words. */
export function insuredFacts(values: InsuredValues, t: Messages): Fact[] {
  const i = t.insureds;
  return [
    { unit: "name", label: i.legalName, value: values.name.trim() },
    { unit: "dba", label: i.dba, value: values.dba.trim() },
    { unit: "kind", label: i.kind, value: i.kinds[values.kind] },
    { unit: "trade", label: i.trade, value: values.trade.trim() },
    { unit: "customer_id", label: i.customerId, value: values.customer_id.trim() },
    { unit: "fein", label: i.fein, value: values.fein.trim() },
    { unit: "email", label: i.email, value: values.email.trim() },
    { unit: "phone", label: i.phone, value: values.phone.trim() },
    { unit: "address", label: i.mailingAddress, value: addressLine(values.address) },
  ];
}
