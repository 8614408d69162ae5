import type { ProblemError } from "@countersign/api/problem";
import { entryOf, type FieldFaults, shareFaults } from "../../field-faults";
import type { Messages } from "../../messages/en";
import type { SendDraft } from "./send-draft";

const SHOWN = new Set(["description", "subject", "message", "master_id"]);

function isShown(field: string): boolean {
  return SHOWN.has(field) || field.startsWith("holder") || field.startsWith("recipients");
}

/** The faults of a sending beside its fields; of several recipients the wrong one is named. */
export function sendFaults(
  problem: ProblemError,
  recipients: Pick<SendDraft, "to" | "cc">,
  t: Messages,
): FieldFaults {
  const { beside, homeless } = shareFaults(problem, isShown, t);
  const named = Object.entries(beside).map(([field, text]): [string, string] => {
    const wrong =
      entryOf(field, "recipients.to", recipients.to) ??
      entryOf(field, "recipients.cc", recipients.cc);
    return [field, wrong === null ? text : t.send.wrongAddress(wrong)];
  });
  return { beside: Object.fromEntries(named), homeless };
}

/** The first error in or below a field. */
export function errorUnder(errors: Record<string, string>, prefix: string): string | undefined {
  return Object.entries(errors).find(
    ([field]) => field === prefix || field.startsWith(`${prefix}.`),
  )?.[1];
}
