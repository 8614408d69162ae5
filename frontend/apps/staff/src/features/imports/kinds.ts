import type { components } from "@countersign/api/schema";

export type ImportFile = components["schemas"]["ImportFile"];

/** The files of an import, in the order in which they build on each other. */
export const FILES = [
  "insureds",
  "contacts",
  "carriers",
  "policies",
  "coverages",
  "endorsements",
  "vehicles",
  "holders",
] as const satisfies readonly ImportFile[];

/** What a file holds, when its name says one thing: "Policies 2026.csv" holds policies. */
export function kindOf(name: string): ImportFile | null {
  const lower = name.toLowerCase();
  const [kind, ...others] = FILES.filter((file) => lower.includes(file));
  return kind === undefined || others.length > 0 ? null : kind;
}
