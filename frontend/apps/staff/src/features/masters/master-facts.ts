import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import { type Fact, type Parts, takeOver } from "../../conflict-rows";
import { LINES } from "../../lines";
import type { Messages } from "../../messages/en";

type MasterBody = components["schemas"]["MasterBody"];
type Policy = components["schemas"]["Policy"];

/** The parts of a master that are kept or taken over as a whole; each section is one of its own. */
const PARTS = {
  name: ["name"],
  description: ["description"],
  representative: ["authorized_representative"],
  use: ["portal_usable", "include_in_renewals"],
  validity: ["valid_from", "valid_until"],
} as const satisfies Parts<MasterBody>;

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

/** What was entered of a master, with some parts as they are on file. */
export function takeOverMaster(
  mine: MasterBody,
  onFile: MasterBody,
  taken: ReadonlySet<string>,
): MasterBody {
  const sections = { ...mine.sections };
  for (const line of LINES) if (taken.has(line)) sections[line] = onFile.sections[line] ?? null;
  return { ...takeOver(PARTS, mine, onFile, taken), sections };
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
