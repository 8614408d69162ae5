import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";

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

/** A holder's address in one line; its suite is often all that tells two holders apart. */
export function addressLine({
  line1,
  line2,
  city,
  state,
}: components["schemas"]["Holder"]["address"]): string {
  return [line1, line2, city, state].filter(Boolean).join(", ");
}
