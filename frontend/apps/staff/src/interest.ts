import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";

export type Interest = components["schemas"]["Interest"];
export type Nature = components["schemas"]["NatureWord"];

export function interestsQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/interests", {
    params: { path: { insured } },
  });
}

export function interestQuery(insured: string, interest: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/interests/{interest}", {
    params: { path: { insured, interest } },
  });
}
