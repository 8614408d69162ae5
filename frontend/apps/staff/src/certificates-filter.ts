import { dateParam, oneOf, present, textParam } from "./search-params";

/** States of a delivery that one filters by. */
export const DELIVERY_FILTERS = [
  "queued",
  "accepted",
  "deferred",
  "bounced",
  "failed",
  "unknown",
] as const;

export interface CertificatesFilter {
  readonly holder?: string;
  readonly from?: string;
  readonly to?: string;
  readonly master?: string;
  readonly state?: (typeof DELIVERY_FILTERS)[number];
}

/** The filter as it stands in an address. */
export function readCertificatesFilter(search: Record<string, unknown>): CertificatesFilter {
  return present({
    holder: textParam(search["holder"]),
    from: dateParam(search["from"]),
    to: dateParam(search["to"]),
    master: textParam(search["master"]),
    state: oneOf(DELIVERY_FILTERS, search["state"]),
  });
}
