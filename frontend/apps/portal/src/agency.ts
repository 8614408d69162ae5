import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";

export type AgencyCard = components["schemas"]["AgencyCard"];

/** What the world may know of an agency: its name, color and how to reach it. */
export function agencyQuery(slug: string) {
  return api.queryOptions("get", "/v1/agencies/{agency}", { params: { path: { agency: slug } } });
}

/** "Summit Ridge Insurance" as "SR". */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32))
    .join("")
    .toLocaleUpperCase();
}
