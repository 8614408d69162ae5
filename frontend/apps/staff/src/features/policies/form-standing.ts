import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";

type Form = Pick<components["schemas"]["Endorsement"], "stands" | "effective_on" | "ends_on">;

/** How a form stands today, with the day that it depends on. */
export type FormStanding =
  { readonly is: "standing" } | { readonly is: "ends" | "ended" | "begins"; readonly on: string };

/** A form stands by its own days, and not before the term that it belongs to has begun. */
export function formStanding(
  form: Form,
  termBegins: string,
  format: Pick<Format, "daysUntil">,
): FormStanding {
  if (form.ends_on && format.daysUntil(form.ends_on) <= 0) return { is: "ended", on: form.ends_on };
  const own = form.effective_on ?? termBegins;
  const begins = own > termBegins ? own : termBegins;
  if (!form.stands || format.daysUntil(begins) > 0) return { is: "begins", on: begins };
  return form.ends_on ? { is: "ends", on: form.ends_on } : { is: "standing" };
}
