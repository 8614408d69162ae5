import type { Finding } from "@countersign/api/problem";
import type { Messages } from "../../messages/en";

export interface PlainFinding {
  readonly headline: string;
  readonly todo: string;
}

function isLine(word: string, t: Messages): word is keyof Messages["lines"] {
  return word in t.lines;
}

/** What the gate found, as one says it to a person who is no insurance professional. */
export function inPlainWords(
  finding: Finding,
  holder: string,
  agency: string,
  t: Messages,
): PlainFinding {
  const word = finding.field.split("/")[1] ?? "";
  const policy = isLine(word, t) ? t.findings.policyWord(t.lines[word]) : t.findings.somePolicy;
  const blocks = finding.severity === "block";
  const todo = blocks ? t.findings.onlyAgency(agency) : t.findings.askFirst(agency);
  const f = t.findings;
  switch (finding.code) {
    case "policy_expired":
      return { headline: f.policy_expired(policy), todo };
    case "policy_cancelled":
      return { headline: f.policy_cancelled(policy), todo };
    case "policy_not_yet_effective":
      return { headline: f.policy_not_yet_effective(policy), todo };
    case "policy_not_bound":
      return { headline: f.policy_not_bound(policy), todo };
    case "policy_ends_soon":
      return { headline: f.policy_ends_soon(policy), todo: f.sendNewLater };
    case "policy_cancellation_pending":
      return { headline: f.policy_cancellation_pending(policy), todo };
    case "additional_insured_without_endorsement":
      return { headline: f.additional_insured_without_endorsement(policy, holder), todo };
    case "waiver_without_endorsement":
      return { headline: f.waiver_without_endorsement(policy, holder), todo };
    case "needs_written_contract":
      return { headline: f.needs_written_contract(policy, holder), todo: f.checkContract };
    case "master_not_valid":
      return { headline: f.master_not_valid, todo };
    case "nothing_to_print":
      return { headline: f.nothing_to_print, todo };
    case "too_many_insurers":
      return { headline: f.too_many_insurers, todo };
    case "policy_number_differs":
    case "term_differs":
    case "limit_above_policy":
    case "coverage_differs":
    case "insurer_differs":
    case "named_insured_differs":
    case "policy_unknown":
      return { headline: f.outdated, todo };
    default:
      return { headline: finding.message, todo };
  }
}
