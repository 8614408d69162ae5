import { api } from "@countersign/api/query";

export function certificateQuery(certificate: string) {
  return api.queryOptions("get", "/v1/certificates/{certificate}", {
    params: { path: { certificate } },
  });
}
