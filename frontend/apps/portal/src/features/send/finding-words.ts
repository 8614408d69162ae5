import type { Finding } from "@countersign/api/problem";
import type { Messages } from "../../messages/en";

export interface PlainFinding {
  readonly severity: Finding["severity"];
  readonly headline: string;
  /** What the gate says word by word, for whoever the agency asks to read it out. */
  readonly details: readonly string[];
  readonly todo: string;
}

export interface Surroundings {
  readonly holder: string;
  readonly agency: string;
  readonly list: (items: readonly string[]) => string;
  readonly t: Messages;
}

function isLine(word: string, t: Messages): word is keyof Messages["lines"] {
  return word in t.lines;
}

/** The line of business that a finding points into: `/general_liability/waiver`. */
function lineOf(finding: Finding, t: Messages): string | null {
  const word = finding.field.split("/")[1] ?? "";
  return isLine(word, t) ? t.lines[word] : null;
}

function headlineOf(finding: Finding, lines: readonly string[], around: Surroundings): string {
  const { t, holder, list } = around;
  const f = t.findings;
  const many = lines.length > 1;
  const policy = lines.length === 0 ? f.somePolicy : f.policies(list(lines), many);
  switch (finding.code) {
    case "policy_expired":
      return f.policy_expired(policy, many);
    case "policy_cancelled":
      return f.policy_cancelled(policy, many);
    case "policy_not_yet_effective":
      return f.policy_not_yet_effective(policy, many);
    case "policy_not_bound":
      return f.policy_not_bound(policy, many);
    case "no_issuing_authority":
      return f.no_issuing_authority(policy, many);
    case "policy_ends_soon":
      return f.policy_ends_soon(policy, many);
    case "policy_cancellation_pending":
      return f.policy_cancellation_pending(policy, many);
    case "additional_insured_without_endorsement":
      return f.additional_insured_without_endorsement(policy, many, holder);
    case "waiver_without_endorsement":
      return f.waiver_without_endorsement(policy, many, holder);
    case "needs_written_contract":
      return f.needs_written_contract(policy, many, holder);
    case "master_not_valid":
      return f.master_not_valid;
    case "nothing_to_print":
      return f.nothing_to_print;
    case "too_many_insurers":
      return f.too_many_insurers;
    case "policy_number_differs":
    case "term_differs":
    case "limit_above_policy":
    case "coverage_differs":
    case "insurer_differs":
    case "named_insured_differs":
    case "policy_unknown":
      return f.outdated;
    case "layout_not_filed":
      return f.layout_not_filed;
    case "notice_promised":
    case "additional_insured_claimed":
    case "waiver_claimed":
    case "primary_claimed":
    case "loss_payee_claimed":
    case "aggregate_claimed":
    case "contract_claimed":
    case "contract_interpreted":
    case "cover_interpreted":
    case "amount_above_policies":
    case "amount_not_on_policies":
    case "form_not_on_policies":
    case "edition_differs":
      return f.description;
    default:
      return finding.message;
  }
}

/** What whoever sends entered, and can enter in another way. */
export function isOwn(finding: Pick<Finding, "code" | "field">): boolean {
  return finding.code === "character_not_printable" && finding.field.startsWith("/holder");
}

function todoOf(finding: Finding, { t, agency }: Surroundings): string {
  if (isOwn(finding)) return t.findings.enterAnew;
  if (finding.severity === "block") return t.findings.onlyAgency(agency);
  if (finding.code === "policy_ends_soon") return t.findings.sendNewLater;
  if (finding.code === "needs_written_contract") return t.findings.checkContract;
  return t.findings.askFirst(agency);
}

/**
 * What the gate found, as one says it to a person who is no insurance professional: the same thing
 * about several policies is said once.
 */
export function inPlainWords(
  findings: readonly Finding[],
  around: Surroundings,
): readonly PlainFinding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = around.t.findings;
    // A code that this page has no words for speaks for itself alone.
    const key = finding.code in known ? finding.code : `${finding.code} ${finding.field}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const lines = group.map((finding) => lineOf(finding, around.t)).filter((line) => line !== null);
    const headline = headlineOf(first, [...new Set(lines)], around);
    return {
      severity: first.severity,
      headline,
      details: group.map((finding) => finding.message).filter((text) => text !== headline),
      todo: todoOf(first, around),
    };
  });
}
