import { fieldOf, type FieldProblem, type ProblemError } from "@countersign/api/problem";
import { sentence } from "@countersign/ui/sentence";
import type { Messages } from "./messages/en";

/** How the server says of any field, under whatever code, that nothing is in it. */
const EMPTY = "must not be empty";

/** A refused field in the words of the catalogue; a reason without words of ours as the server puts it. */
export function wordsOf(fault: FieldProblem, t: Messages): string {
  const known = new Map<string, string>(Object.entries(t.faults));
  if (fault.detail === EMPTY) return t.faults.empty;
  return known.get(fault.code) ?? sentence(fault.detail);
}

export interface FieldFaults {
  /** By field of the form; the first sentence about a field wins. */
  readonly beside: Record<string, string>;
  /** Those that the form has no field for, so that none is ever swallowed. */
  readonly homeless: readonly FieldProblem[];
}

export const NO_FAULTS: FieldFaults = { beside: {}, homeless: [] };

/** Field errors of a refused form, divided by whether it has a field to show them at. */
export function shareFaults(
  problem: Pick<ProblemError, "fields">,
  shown: (field: string) => boolean,
  t: Messages,
): FieldFaults {
  const beside: Record<string, string> = {};
  const homeless: FieldProblem[] = [];
  for (const fault of problem.fields) {
    const field = fieldOf(fault.pointer);
    if (shown(field)) beside[field] ??= wordsOf(fault, t);
    else homeless.push({ ...fault, detail: wordsOf(fault, t) });
  }
  return { beside, homeless };
}

/** The entry of a list that a field names: `recipients.to.1` is the second of the list `to`. */
export function entryOf(field: string, list: string, entries: readonly string[]): string | null {
  if (!field.startsWith(`${list}.`)) return null;
  return entries[Number(field.slice(list.length + 1))] ?? null;
}
