import type { components } from "@countersign/api/schema";

export type Line = components["schemas"]["LineWord"];

/** The sections of a certificate, in the order of the page. */
export const LINES = [
  "general_liability",
  "commercial_auto",
  "umbrella_excess",
  "workers_compensation",
  "other",
] as const satisfies readonly Line[];

/** The page has no ADDL INSD box for workers compensation. */
export function takesAdditionalInsured(line: Line): boolean {
  return line !== "workers_compensation";
}
