import { api } from "@countersign/api/query";

export function holderQuery(holder: string) {
  return api.queryOptions("get", "/v1/holders/{holder}", { params: { path: { holder } } });
}
