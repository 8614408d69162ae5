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

export type ActKind = (typeof ACT_KINDS)[number];

/** Those that a certificate's own history may hold: what else is done is done to something else. */
export const CERTIFICATE_ACT_KINDS = ["certificates", "looks", "mail"] as const;

export interface ActivityFilter {
  readonly kind?: ActKind;
  readonly from?: string;
  readonly to?: string;
}

/** The filter as it stands in an address. */
export function readActivityFilter(
  search: Record<string, unknown>,
  kinds: readonly ActKind[] = ACT_KINDS,
): ActivityFilter {
  return present({
    kind: oneOf(kinds, search["kind"]),
    from: dateParam(search["from"]),
    to: dateParam(search["to"]),
  });
}

export function readCertificateActivityFilter(search: Record<string, unknown>): ActivityFilter {
  return readActivityFilter(search, CERTIFICATE_ACT_KINDS);
}

export function isFiltered(filter: ActivityFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The filter as the server takes it. */
export function activityQuery(filter: ActivityFilter) {
  return present({ kind: filter.kind, done_from: filter.from, done_to: filter.to });
}
