import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import type { Fact } from "../../conflict-rows";
import { LINES } from "../../lines";
import type { Messages } from "../../messages/en";

type MasterBody = components["schemas"]["MasterBody"];
type Policy = components["schemas"]["Policy"];

/** The parts of a master that are kept or taken over as a whole. */
export const UNITS = [
  "name",
  ...LINES,
  "description",
  "representative",
  "use",
  "validity",
] as const;

export type Unit = (typeof UNITS)[number];

/** A master as it is written down. */
export function bodyOf(master: components["schemas"]["Master"]): MasterBody {
  return {
    name: master.name,
    sections: master.sections,
    description: master.description,
    authorized_representative: master.authorized_representative,
    portal_usable: master.portal_usable,
    include_in_renewals: master.include_in_renewals,
    valid_from: master.valid_from ?? null,
    valid_until: master.valid_until ?? null,
  };
}

/** One part of `from`, put over `body`. */
export function takeOver(body: MasterBody, from: MasterBody, unit: Unit): MasterBody {
  switch (unit) {
    case "name":
      return { ...body, name: from.name };
    case "description":
      return { ...body, description: from.description ?? "" };
    case "representative":
      return { ...body, authorized_representative: from.authorized_representative };
    case "use":
      return {
        ...body,
        portal_usable: from.portal_usable,
        include_in_renewals: from.include_in_renewals,
      };
    case "validity":
      return {
        ...body,
        valid_from: from.valid_from ?? null,
        valid_until: from.valid_until ?? null,
      };
    default:
      return { ...body, sections: { ...body.sections, [unit]: from.sections[unit] ?? null } };
  }
}

/** Everything that a master says, in words. */
export function masterFacts(
  body: MasterBody,
  policies: readonly Policy[],
  t: Messages,
  format: Format,
): Fact[] {
  const m = t.masters;
  const day = (date: string | null | undefined) => (date ? format.date(date) : "");
  const facts: Fact[] = [{ unit: "name", label: m.name, value: body.name }];
  for (const line of LINES) {
    const section = body.sections[line];
    const policy = policies.find((each) => each.id === section?.policy_id);
    const form = (id: string | null | undefined) => {
      const found = policy?.endorsements.find((each) => each.id === id);
      return found === undefined ? "" : `${found.form_number} ${found.edition}`;
    };
    const full = t.lines.full[line];
    facts.push(
      {
        unit: line,
        label: m.policyFor(full),
        value: section
          ? policy === undefined
            ? m.otherPolicy
            : m.termFromTo(policy.number, day(policy.effective_on), day(policy.expires_on))
          : "",
      },
      {
        unit: line,
        label: `${full}: ${m.additionalInsured}`,
        value: form(section?.additional_insured),
      },
      { unit: line, label: `${full}: ${m.waiver}`, value: form(section?.waiver) },
    );
  }
  const yes = (is: boolean) => (is ? t.yes : t.no);
  facts.push(
    { unit: "description", label: m.description, value: body.description ?? "" },
    { unit: "representative", label: m.representative, value: body.authorized_representative },
    { unit: "use", label: m.portalUsable, value: yes(body.portal_usable) },
    { unit: "use", label: m.includeInRenewals, value: yes(body.include_in_renewals) },
    { unit: "validity", label: m.validFrom, value: day(body.valid_from) },
    { unit: "validity", label: m.validUntil, value: day(body.valid_until) },
  );
  return facts;
}
