import { api } from "@countersign/api/query";

/** The insured's own policies, read-only. */
export function policiesQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/policies", {
    params: { path: { insured } },
  });
}
