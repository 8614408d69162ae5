import { api } from "@countersign/api/query";

export function batchQuery(batch: string) {
  return api.queryOptions("get", "/v1/batches/{batch}", { params: { path: { batch } } });
}
