import type { components } from "@countersign/api/schema";
import { orNull } from "./or-null";
import type { Messages } from "./messages/en";

type Address = components["schemas"]["Address"];

/** An address as a form holds it: every part is a text. */
export type AddressValues = Address & { readonly line2: string };

export const NO_ADDRESS: AddressValues = {
  line1: "",
  line2: "",
  city: "",
  state: "",
  postal_code: "",
};

/** The parts as fields of the form that they stand in. */
export const ADDRESS_FIELDS = [
  "address.line1",
  "address.line2",
  "address.city",
  "address.state",
  "address.postal_code",
] as const;

export function addressValues(address: Address): AddressValues {
  return { ...address, line2: address.line2 ?? "" };
}

/** What the server takes. */
export function addressBody(values: AddressValues): Address {
  return { ...values, line2: orNull(values.line2) };
}

/** The address in one line. */
export function addressLine({ line1, line2, city, state, postal_code }: Address): string {
  const place = [state, postal_code].filter(Boolean).join(" ");
  return [line1, line2, city, place]
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(", ");
}

/** What is missing in an address, by part. */
export function addressRules(t: Messages) {
  return {
    line1: (text: string) => (text.trim() === "" ? t.address.line1Missing : null),
    city: (text: string) => (text.trim() === "" ? t.address.cityMissing : null),
    state: (text: string) => (text === "" ? t.address.stateMissing : null),
    postal_code: (text: string) => (text.trim() === "" ? t.address.postalCodeMissing : null),
  };
}

/** The errors of a form that speak of its address, by part. */
export function addressErrors(
  errors: Readonly<Record<string, unknown>>,
  address = "address",
): Record<keyof Address, string> {
  const of = (part: keyof Address) => {
    const error = errors[`${address}.${part}`];
    return typeof error === "string" ? error : "";
  };
  return {
    line1: of("line1"),
    line2: of("line2"),
    city: of("city"),
    state: of("state"),
    postal_code: of("postal_code"),
  };
}
