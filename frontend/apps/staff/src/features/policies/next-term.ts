import type { components } from "@countersign/api/schema";

type PolicyTerms = components["schemas"]["PolicyTerms"];

/** The same day a year later; the last day of February stays the last day of February. */
export function yearLater(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const next = Number(year) + 1;
  const last = new Date(Date.UTC(next, Number(month), 0)).getUTCDate();
  return `${next}-${month}-${String(Math.min(Number(date), last)).padStart(2, "0")}`;
}

/** How a term stands on the books on its first entry: one that is ahead is bound, and not in force yet. */
export function statusFrom(day: string, today: string): "bound" | "active" {
  return day > today ? "bound" : "active";
}

/** What a new term begins with: everything as it is, from the day on which this term ends. */
export function nextTerm(terms: PolicyTerms, today: string): PolicyTerms {
  return {
    ...terms,
    status: statusFrom(terms.expires_on, today),
    effective_on: terms.expires_on,
    expires_on: yearLater(terms.expires_on),
  };
}
