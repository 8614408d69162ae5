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

type HolderBody = components["schemas"]["HolderRecordBody"];
type Channel = components["schemas"]["ChannelWord"];
export type HolderRecord = components["schemas"]["HolderDetail"];

/** What the form holds. */
export interface HolderValues {
  readonly name: string;
  readonly care_of: string;
  readonly emails: string[];
  readonly phone: string;
  readonly channel: Channel | "none";
  readonly aliases: string[];
  readonly address: AddressValues;
}

export const EMPTY: HolderValues = {
  name: "",
  care_of: "",
  emails: [],
  phone: "",
  channel: "none",
  aliases: [],
  address: NO_ADDRESS,
};

export function valuesOf(record: HolderRecord): HolderValues {
  return {
    name: record.name,
    care_of: record.care_of ?? "",
    emails: record.emails,
    phone: record.phone ?? "",
    channel: record.channel ?? "none",
    aliases: record.aliases,
    address: addressValues(record.address),
  };
}

export function bodyOf(values: HolderValues): HolderBody {
  return {
    name: values.name.trim(),
    care_of: orNull(values.care_of),
    emails: values.emails,
    phone: orNull(values.phone),
    channel: values.channel === "none" ? null : values.channel,
    aliases: values.aliases,
    address: addressBody(values.address),
  };
}

/** One address or name of several that was refused is told at the field that holds them all. */
export function fieldOf(field: string): string {
  return field.replace(/^(emails|aliases)\.\d+$/, "$1");
}

/** The parts of a holder that are kept or taken over as a whole. */
export const PARTS = {
  name: ["name"],
  care_of: ["care_of"],
  aliases: ["aliases"],
  address: ["address"],
  emails: ["emails"],
  phone: ["phone"],
  channel: ["channel"],
} as const satisfies Parts<HolderValues>;

/** Everything that the form says of a holder, in words. */
export function holderFacts(values: HolderValues, t: Messages): Fact[] {
  const h = t.holders;
  const { channel } = values;
  return [
    { unit: "name", label: h.legalName, value: values.name.trim() },
    { unit: "care_of", label: h.careOf, value: values.care_of.trim() },
    { unit: "aliases", label: h.aliases, value: values.aliases.join("; ") },
    { unit: "address", label: h.mailingAddress, value: addressLine(values.address) },
    { unit: "emails", label: h.emails, value: values.emails.join(", ") },
    { unit: "phone", label: h.phone, value: values.phone.trim() },
    {
      unit: "channel",
      label: t.channels.preference,
      value: channel === "none" ? t.channels.noPreference : t.channels.named[channel],
    },
  ];
}
