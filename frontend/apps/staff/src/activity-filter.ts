import { dateParam, oneOf, present } from "./search-params";

/** Kinds of acts that one looks for. */
export const ACT_KINDS = [
  "certificates",
  "looks",
  "mail",
  "masters",
  "policies",
  "interests",
  "portal",
  "profile",
  "sign_ins",
] as const;

export interface ActivityFilter {
  readonly kind?: (typeof ACT_KINDS)[number];
  readonly from?: string;
  readonly to?: string;
}

/** The filter as it stands in an address. */
export function readActivityFilter(search: Record<string, unknown>): ActivityFilter {
  return present({
    kind: oneOf(ACT_KINDS, search["kind"]),
    from: dateParam(search["from"]),
    to: dateParam(search["to"]),
  });
}

/** The filter as the server takes it. */
export function activityQuery(filter: ActivityFilter) {
  return present({ kind: filter.kind, done_from: filter.from, done_to: filter.to });
}
