import { api } from "@countersign/api/query";

export function holderQuery(holder: string) {
  return api.queryOptions("get", "/v1/holders/{holder}", { params: { path: { holder } } });
}

/** The agency's groups of holders. */
export function holderGroupsQuery() {
  return api.queryOptions("get", "/v1/holder-groups");
}

/** A holder as one insured has it. */
export function holderLinkQuery(insured: string, holder: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/holders/{holder}", {
    params: { path: { insured, holder } },
  });
}
