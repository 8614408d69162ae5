import { api } from "@countersign/api/query";

export function insuredQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}", { params: { path: { insured } } });
}

export function policiesQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/policies", {
    params: { path: { insured } },
  });
}

export function mastersQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/masters", {
    params: { path: { insured } },
  });
}

export function holdersQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/holders", {
    params: { path: { insured } },
  });
}

export function certificateQuery(certificate: string) {
  return api.queryOptions("get", "/v1/certificates/{certificate}", {
    params: { path: { certificate } },
  });
}

export function approvalQuery(approval: string) {
  return api.queryOptions("get", "/v1/approvals/{approval}", { params: { path: { approval } } });
}

export function portalUserQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/portal-user", {
    params: { path: { insured } },
  });
}

export function masterQuery(master: string) {
  return api.queryOptions("get", "/v1/masters/{master}", { params: { path: { master } } });
}

export function policyQuery(policy: string) {
  return api.queryOptions("get", "/v1/policies/{policy}", { params: { path: { policy } } });
}
