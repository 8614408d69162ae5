import type { components } from "@countersign/api/schema";
import { type Fact, type Parts, takeOver } from "../../conflict-rows";
import { LINES, type Line } from "../../lines";
import type { Messages } from "../../messages/en";
import { grouped, plain } from "../../money";

type Link = components["schemas"]["HolderLink"];
type LinkBody = components["schemas"]["HolderLinkBody"];
export type LimitWord = components["schemas"]["LimitWord"];

/** The limits that a contract can ask for, by the line that has them, in the order of the page. */
export const LIMITS: readonly { readonly line: Line; readonly limits: readonly LimitWord[] }[] = [
  {
    line: "general_liability",
    limits: [
      "gl_each_occurrence",
      "gl_damage_to_rented_premises",
      "gl_medical_expense",
      "gl_personal_and_advertising_injury",
      "gl_general_aggregate",
      "gl_products_completed_operations_aggregate",
    ],
  },
  {
    line: "commercial_auto",
    limits: [
      "auto_combined_single_limit",
      "auto_bodily_injury_per_person",
      "auto_bodily_injury_per_accident",
      "auto_property_damage_per_accident",
    ],
  },
  { line: "umbrella_excess", limits: ["umb_each_occurrence", "umb_aggregate"] },
  {
    line: "workers_compensation",
    limits: ["wc_each_accident", "wc_disease_each_employee", "wc_disease_policy_limit"],
  },
];

const ORDER = LIMITS.flatMap((group) => group.limits);

/** What the form holds: as it was typed. */
export interface LinkValues {
  readonly contract: string;
  readonly renewals: boolean;
  readonly limits: Readonly<Partial<Record<LimitWord, string>>>;
  readonly ongoing: boolean;
  readonly completed: boolean;
  readonly primary: boolean;
  readonly waiver: readonly Line[];
  readonly forms: readonly { readonly number: string; readonly edition: string }[];
  readonly name: string;
}

export function valuesOf(link: Link): LinkValues {
  const asked = link.requirements;
  return {
    contract: link.contract_reference ?? "",
    renewals: link.receives_renewals,
    limits: Object.fromEntries(
      (asked.limits ?? []).map(({ limit, minimum }) => [limit, grouped(minimum.amount)]),
    ),
    ongoing: asked.additional_insured_ongoing ?? false,
    completed: asked.additional_insured_completed ?? false,
    primary: asked.primary_noncontributory ?? false,
    waiver: LINES.filter((line) => asked.waiver?.includes(line)),
    forms: (asked.forms ?? []).map((form) => ({
      number: form.form_number,
      edition: form.edition ?? "",
    })),
    name: asked.holder_name ?? "",
  };
}

/** The limits that were filled in, in the order in which they are sent. */
function filled(values: LinkValues): readonly LimitWord[] {
  return ORDER.filter((limit) => (values.limits[limit] ?? "").trim() !== "");
}

/** The forms that were filled in, each with the row that it stands in. */
function written(values: LinkValues) {
  return values.forms
    .map((form, row) => ({ ...form, row }))
    .filter((form) => form.number.trim() !== "" || form.edition.trim() !== "");
}

export function bodyOf(values: LinkValues): LinkBody {
  const name = values.name.trim();
  const contract = values.contract.trim();
  return {
    contract_reference: contract === "" ? null : contract,
    receives_renewals: values.renewals,
    requirements: {
      limits: filled(values).map((limit) => ({
        limit,
        minimum: { amount: plain(values.limits[limit] ?? ""), currency: "USD" },
      })),
      additional_insured_ongoing: values.ongoing,
      additional_insured_completed: values.completed,
      primary_noncontributory: values.primary,
      waiver: [...values.waiver],
      forms: written(values).map((form) => ({
        form_number: form.number.trim(),
        edition: form.edition.trim() === "" ? null : form.edition.trim(),
      })),
      holder_name: name === "" ? null : name,
    },
  };
}

/** The field of the form that the server's word for a field means; null where there is none. */
export function placeOf(field: string, values: LinkValues): string | null {
  if (field === "contract_reference") return "contract";
  if (field === "requirements.holder_name") return "name";
  const limit = /^requirements\.limits\.(\d+)(?:\.|$)/.exec(field)?.[1];
  if (limit !== undefined) return filled(values)[Number(limit)] ?? null;
  const form = /^requirements\.forms\.(\d+)(\.edition)?/.exec(field);
  if (form !== null) {
    const row = written(values)[Number(form[1])]?.row;
    return row === undefined
      ? null
      : `forms.${row}.${form[2] === undefined ? "number" : "edition"}`;
  }
  return null;
}

/** The parts of the page that are kept or taken over as a whole; each limit is one of its own. */
const PARTS = {
  contract: ["contract"],
  renewals: ["renewals"],
  ongoing: ["ongoing"],
  completed: ["completed"],
  primary: ["primary"],
  waiver: ["waiver"],
  forms: ["forms"],
  name: ["name"],
} as const satisfies Parts<LinkValues>;

/** What was entered, with some parts as they are on file. */
export function takeOverLink(
  mine: LinkValues,
  onFile: LinkValues,
  taken: ReadonlySet<string>,
): LinkValues {
  const limits = { ...mine.limits };
  for (const limit of ORDER) if (taken.has(limit)) limits[limit] = onFile.limits[limit] ?? "";
  return { ...takeOver(PARTS, mine, onFile, taken), limits };
}

/** Everything that the page says, in words. */
export function linkFacts(values: LinkValues, t: Messages): Fact[] {
  const l = t.links;
  const yes = (is: boolean) => (is ? t.yes : t.no);
  // As it was typed where that is no amount: it is shown, and not judged, here.
  const money = (typed: string) => (typed.trim() === "" ? "" : `$${grouped(plain(typed))}`);
  return [
    { unit: "contract", label: l.contractReference, value: values.contract.trim() },
    { unit: "renewals", label: l.receives, value: yes(values.renewals) },
    ...LIMITS.flatMap(({ line, limits }) =>
      limits.map((limit) => ({
        unit: limit,
        label: `${t.lines.full[line]}: ${l.limitWords[limit]}`,
        value: money(values.limits[limit] ?? ""),
      })),
    ),
    ...(["ongoing", "completed", "primary"] as const).map((word) => ({
      unit: word,
      label: `${l.additionalInsured}: ${l[word]}`,
      value: yes(values[word]),
    })),
    {
      unit: "waiver",
      label: l.waiver,
      value: values.waiver.map((line) => t.lines.full[line]).join("; "),
    },
    {
      unit: "forms",
      label: l.forms,
      value: written(values)
        .map((form) => [form.number.trim(), form.edition.trim()].filter(Boolean).join(" "))
        .join("; "),
    },
    { unit: "name", label: l.name, value: values.name.trim() },
  ];
}
