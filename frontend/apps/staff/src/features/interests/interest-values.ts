import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import {
  addressBody,
  addressLine,
  type AddressValues,
  addressValues,
  NO_ADDRESS,
} from "../../address-values";
import type { Fact, Parts } from "../../conflict-rows";
import type { Interest, Nature } from "../../interest";
import type { Messages } from "../../messages/en";
import { orNull } from "../../or-null";

type InterestBody = components["schemas"]["InterestBody"];
type Holder = components["schemas"]["Holder"];
type Policy = components["schemas"]["Policy"];
export type ItemKind = components["schemas"]["ItemKindWord"];

/** What the form holds. */
export interface InterestValues {
  readonly name: string;
  readonly care_of: string;
  readonly address: AddressValues;
  readonly emails: string[];
  readonly nature: Nature | null;
  readonly kind: ItemKind;
  readonly vehicle: string | null;
  /** Which location, or which contract. */
  readonly text: string;
  readonly reference: string;
  readonly from_on: string | null;
  readonly until_on: string | null;
  readonly policies: string[];
  readonly endorsements: string[];
}

export function emptyInterest(today: string): InterestValues {
  return {
    name: "",
    care_of: "",
    address: NO_ADDRESS,
    emails: [],
    nature: null,
    kind: "everything",
    vehicle: null,
    text: "",
    reference: "",
    from_on: today,
    until_on: null,
    policies: [],
    endorsements: [],
  };
}

export function interestValues(interest: Interest): InterestValues {
  const { kind, vehicle_id, text } = interest.item;
  return {
    name: interest.name,
    care_of: interest.care_of ?? "",
    address: addressValues(interest.address),
    emails: interest.emails,
    nature: interest.nature,
    kind,
    vehicle: vehicle_id ?? null,
    text: kind === "location" || kind === "contract" ? (text ?? "") : "",
    reference: interest.reference ?? "",
    from_on: interest.from_on,
    until_on: interest.until_on ?? null,
    policies: interest.policies.map((policy) => policy.id),
    endorsements: interest.endorsements.map((form) => form.id),
  };
}

/** What is entered of a holder of the library: sent so, the server finds that one and adds no other. */
export function ofHolder(
  holder: Holder,
): Pick<InterestValues, "name" | "care_of" | "address" | "emails"> {
  return {
    name: holder.name,
    care_of: holder.care_of ?? "",
    address: addressValues(holder.address),
    emails: holder.emails,
  };
}

/** Whether what is entered is that holder of the library. */
export function isHolder(values: InterestValues, holder: Holder): boolean {
  const key = ({ name, care_of, address }: Omit<ReturnType<typeof ofHolder>, "emails">) =>
    [
      name,
      care_of,
      address.line1,
      address.line2,
      address.city,
      address.state,
      address.postal_code,
    ].map((part) => part.trim().toLocaleLowerCase());
  return key(values).join("\n") === key(ofHolder(holder)).join("\n");
}

/** What the server takes; null while a decision is missing. */
export function interestBody(values: InterestValues): InterestBody | null {
  const { nature, from_on, kind } = values;
  if (nature === null || from_on === null) return null;
  return {
    name: values.name.trim(),
    care_of: orNull(values.care_of),
    address: addressBody(values.address),
    emails: values.emails,
    nature,
    item: {
      kind,
      ...(kind === "vehicle" ? { vehicle_id: values.vehicle } : {}),
      ...(kind === "location" || kind === "contract" ? { text: values.text.trim() } : {}),
    },
    reference: orNull(values.reference),
    from_on,
    until_on: values.until_on,
    policy_ids: values.policies,
    endorsement_ids: values.endorsements,
  };
}

/** The field of the form that a field of the server's is shown at. */
export function formField(field: string): string {
  if (field.startsWith("item.vehicle_id")) return "vehicle";
  if (field.startsWith("item")) return "text";
  if (field === "policy_ids" || field === "endorsement_ids") return "policies";
  return field.replace(/^emails\.\d+$/, "emails");
}

/** A vehicle as a person knows it. */
export function carName(car: Policy["vehicles"][number], t: Messages): string {
  return [car.year, car.make, car.model, t.policies.vin(car.vin)].filter(Boolean).join(" ");
}

/** The parts of an interest that are kept or taken over as a whole. */
export const PARTS = {
  name: ["name"],
  care_of: ["care_of"],
  address: ["address"],
  emails: ["emails"],
  nature: ["nature"],
  reference: ["reference"],
  item: ["kind", "vehicle", "text"],
  term: ["from_on", "until_on"],
  links: ["policies", "endorsements"],
} as const satisfies Parts<InterestValues>;

/** Everything that the form says of an interest, in words; it knows the insured's policies only. */
export function interestFacts(
  values: InterestValues,
  all: readonly Policy[],
  t: Messages,
  format: Format,
): Fact[] {
  const i = t.interests;
  const { kind, nature } = values;
  const day = (date: string | null) => (date === null ? "" : format.date(date));
  const car = all
    .flatMap((policy) => policy.vehicles)
    .find((vehicle) => vehicle.id === values.vehicle);
  const forms = all.flatMap((policy) => policy.endorsements);
  const what = kind === "vehicle" ? car && carName(car, t) : values.text.trim();
  return [
    { unit: "name", label: i.legalName, value: values.name.trim() },
    { unit: "care_of", label: t.holders.careOf, value: values.care_of.trim() },
    { unit: "address", label: t.holders.mailingAddress, value: addressLine(values.address) },
    { unit: "emails", label: i.emails, value: values.emails.join(", ") },
    {
      unit: "nature",
      label: i.nature,
      value: nature === null ? "" : i.natureOption(nature, i.natures[nature]),
    },
    { unit: "reference", label: i.referenceLong, value: values.reference.trim() },
    { unit: "item", label: i.itemKind, value: i.itemKinds[kind] },
    ...(kind === "everything" ? [] : [{ unit: "item", label: i[kind], value: what ?? "" }]),
    { unit: "term", label: i.fromOn, value: day(values.from_on) },
    { unit: "term", label: i.untilOn, value: day(values.until_on) },
    {
      unit: "links",
      label: i.policies,
      value: [
        ...values.policies.map(
          (id) => all.find((policy) => policy.id === id)?.number ?? t.masters.otherPolicy,
        ),
        ...values.endorsements.flatMap((id) => {
          const form = forms.find((each) => each.id === id);
          return form === undefined ? [] : `${form.form_number} ${form.edition}`;
        }),
      ].join("; "),
    },
  ];
}
