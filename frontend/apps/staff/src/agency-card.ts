import { api } from "@countersign/api/query";

/** What anybody may know of an agency: its name, its color, how to reach it. */
export function agencyCardQuery(slug: string) {
  return api.queryOptions(
    "get",
    "/v1/agencies/{agency}",
    { params: { path: { agency: slug } } },
    { staleTime: 300_000 },
  );
}
