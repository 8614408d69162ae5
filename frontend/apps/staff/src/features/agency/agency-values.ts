import type { components } from "@countersign/api/schema";
import { addressLine } from "../../address-values";
import type { Fact, Parts } from "../../conflict-rows";
import type { Messages } from "../../messages/en";

type Agency = components["schemas"]["Agency"];
type AgencyBody = components["schemas"]["AgencyBody"];

export function bodyOf(agency: Agency): AgencyBody {
  return {
    name: agency.name,
    address: agency.address ?? null,
    phone: agency.phone ?? null,
    fax: agency.fax ?? null,
    email: agency.email ?? null,
    contact_name: agency.contact_name ?? null,
    accent_color: agency.accent_color,
    authorized_representative: agency.authorized_representative ?? null,
    time_zone: agency.time_zone,
    support_text: agency.support_text ?? null,
    reply_to: agency.reply_to ?? null,
    portal_channel: agency.portal_channel,
  };
}

/** The parts of an agency's profile that are kept or taken over as a whole. */
export const PARTS = {
  name: ["name"],
  contact_name: ["contact_name"],
  representative: ["authorized_representative"],
  phone: ["phone"],
  fax: ["fax"],
  email: ["email"],
  address: ["address"],
  color: ["accent_color"],
  reply_to: ["reply_to"],
  portal_channel: ["portal_channel"],
  support_text: ["support_text"],
  time_zone: ["time_zone"],
} as const satisfies Parts<AgencyBody>;

/** Everything that the profile says, in words. */
export function agencyFacts(body: AgencyBody, t: Messages): Fact[] {
  const a = t.agency;
  const text = (typed: string | null | undefined) => typed?.trim() ?? "";
  return [
    { unit: "name", label: a.name, value: text(body.name) },
    { unit: "contact_name", label: a.contactName, value: text(body.contact_name) },
    {
      unit: "representative",
      label: a.representative,
      value: text(body.authorized_representative),
    },
    { unit: "phone", label: a.phone, value: text(body.phone) },
    { unit: "fax", label: a.fax, value: text(body.fax) },
    { unit: "email", label: a.email, value: text(body.email) },
    { unit: "address", label: a.address, value: body.address ? addressLine(body.address) : "" },
    { unit: "color", label: a.color, value: body.accent_color },
    { unit: "reply_to", label: a.replyTo, value: text(body.reply_to) },
    {
      unit: "portal_channel",
      label: t.channels.portal,
      value: t.channels[body.portal_channel ?? "attachment"],
    },
    { unit: "support_text", label: a.supportText, value: text(body.support_text) },
    { unit: "time_zone", label: a.zone, value: body.time_zone },
  ];
}
