import type { FieldProblem } from "@countersign/api/problem";
import { wordsOf } from "../../field-faults";
import type { Messages } from "../../messages/en";

/** Refused fields of a list, each with the name of the row that it is about. */
export function rowFaults(
  fields: readonly FieldProblem[],
  names: readonly string[],
  t: Messages,
): readonly FieldProblem[] {
  return fields.map((fault) => {
    const place = /^\/(?:rows|holder_ids)\/(\d+)/.exec(fault.pointer)?.[1];
    const name = place === undefined ? undefined : names[Number(place)];
    const words = wordsOf(fault, t);
    return { ...fault, detail: name === undefined ? words : t.batches.rowFault(name, words) };
  });
}
