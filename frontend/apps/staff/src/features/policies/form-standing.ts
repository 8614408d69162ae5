import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";

type Form = Pick<components["schemas"]["Endorsement"], "stands" | "effective_on" | "ends_on">;

/** How a form stands today, with the day that it depends on. */
export type FormStanding =
  | { readonly is: "standing" }
  | { readonly is: "ends" | "ended" | "over" | "begins"; readonly on: string };

/** When the term of a form covers: from its first day until the day on which it expires or was cancelled. */
export interface Term {
  readonly begins: string;
  readonly ends: string;
}

/** A form stands by its own days, and only while the term that it belongs to covers. */
export function formStanding(
  form: Form,
  term: Term,
  format: Pick<Format, "daysUntil">,
): FormStanding {
  const takenOff = form.ends_on && form.ends_on < term.ends ? form.ends_on : null;
  const ends = takenOff ?? term.ends;
  if (format.daysUntil(ends) <= 0) return { is: takenOff === null ? "over" : "ended", on: ends };
  const own = form.effective_on ?? term.begins;
  const begins = own > term.begins ? own : term.begins;
  if (!form.stands || format.daysUntil(begins) > 0) return { is: "begins", on: begins };
  return takenOff === null ? { is: "standing" } : { is: "ends", on: takenOff };
}
