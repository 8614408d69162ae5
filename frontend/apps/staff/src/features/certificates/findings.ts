import type { components } from "@countersign/api/schema";

export type Finding = components["schemas"]["Finding"];

/** The decision of the form that a finding speaks of, and under which it stands. */
export type Place = "master" | "holder" | "marks" | "description" | "recipients";

const MARK_CODES: ReadonlySet<Finding["code"]> = new Set([
  "additional_insured_without_endorsement",
  "waiver_without_endorsement",
  "needs_written_contract",
]);

/** What a person can do about a finding from where they are. */
export type Remedy =
  | "edit_master"
  | "edit_insured"
  | "to_policies"
  | "to_state_rules"
  | "unmark"
  | "look_again"
  | "describe"
  | "mend"
  | null;

const REMEDIES: Readonly<Record<Finding["code"], Remedy>> = {
  policy_expired: "edit_master",
  policy_cancelled: "edit_master",
  policy_not_yet_effective: "edit_master",
  policy_not_bound: "to_policies",
  policy_ends_soon: "edit_master",
  policy_cancellation_pending: "describe",
  no_issuing_authority: "to_policies",
  policy_unknown: "edit_master",
  too_many_insurers: "edit_master",
  master_not_valid: "edit_master",
  nothing_to_print: "edit_master",
  named_insured_differs: "edit_insured",
  additional_insured_without_endorsement: "unmark",
  waiver_without_endorsement: "unmark",
  needs_written_contract: null,
  character_not_printable: null,
  layout_not_filed: "to_state_rules",
  another_policy_of_line: null,
  notice_promised: "mend",
  additional_insured_claimed: "mend",
  waiver_claimed: "mend",
  primary_claimed: "mend",
  loss_payee_claimed: "mend",
  aggregate_claimed: "mend",
  contract_claimed: "mend",
  contract_interpreted: "mend",
  cover_interpreted: "mend",
  amount_above_policies: "mend",
  amount_not_on_policies: "mend",
  form_not_on_policies: "mend",
  edition_differs: "mend",
  policy_number_differs: "look_again",
  term_differs: "look_again",
  limit_above_policy: "look_again",
  coverage_differs: "look_again",
  insurer_differs: "look_again",
};

export function placeOf(finding: Pick<Finding, "code" | "field">): Place {
  if (MARK_CODES.has(finding.code)) return "marks";
  const [, first = ""] = finding.field.split("/");
  if (first === "holder") return "holder";
  if (first === "description" || first === "description_of_operations") return "description";
  if (first === "recipients" || first === "subject" || first === "message") return "recipients";
  return "master";
}

function keyOf({ code, field, message }: Finding): string {
  return [code, field, message].join(" ");
}

/**
 * What is found about every one of several rows, to be said once; what is merely to be known of some of them; and about
 * each row what is left. A finding that blocks stays in its row, where it is the reason why this row does not go.
 */
export function shareFindings(rows: readonly (readonly Finding[])[]): {
  readonly shared: readonly Finding[];
  readonly some: readonly Finding[];
  readonly own: readonly (readonly Finding[])[];
} {
  const of = new Map<string, { readonly finding: Finding; rows: number }>();
  for (const finding of rows.flat()) {
    const key = keyOf(finding);
    const seen = of.get(key) ?? { finding, rows: 0 };
    of.set(key, { ...seen, rows: seen.rows + 1 });
  }
  const several = [...of.values()].filter((each) => rows.length > 1 && each.rows > 1);
  const shared = several
    .filter((each) => each.rows === rows.length && each.finding.severity !== "block")
    .map((each) => each.finding);
  const some = several
    .filter((each) => each.rows < rows.length && each.finding.severity === "info")
    .map((each) => each.finding);
  const said = new Set([...shared, ...some].map(keyOf));
  return {
    shared,
    some,
    own: rows.map((row) => row.filter((finding) => !said.has(keyOf(finding)))),
  };
}

export function remedyOf(finding: Pick<Finding, "code">): Remedy {
  return REMEDIES[finding.code];
}

/** The policy of the master that a finding speaks of, by the line in whose section it stands. */
export function policyOf<P extends { readonly line: string }>(
  finding: Pick<Finding, "field">,
  policies: readonly P[],
): P | undefined {
  const [, line] = finding.field.split("/");
  return policies.find((policy) => policy.line === line);
}

/** A description with a further line, unless it says that already. */
export function withLine(description: string, line: string): string {
  const before = description.trimEnd();
  if (before.split("\n").includes(line)) return description;
  return before === "" ? line : `${before}\n${line}`;
}

/** The mark that a finding asks to take off: its line and which of the two boxes. */
export function markOf(
  finding: Pick<Finding, "code" | "field">,
): { line: string; mark: "additional_insured" | "waiver" } | null {
  const [, line, box] = finding.field.split("/");
  if (line === undefined || line === "") return null;
  if (box === "additional_insured" || box === "waiver") return { line, mark: box };
  return null;
}
