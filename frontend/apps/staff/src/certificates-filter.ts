import { dateParam, oneOf, present, textParam } from "./search-params";

/** States of a certificate that one filters by. */
export const CERTIFICATE_STATES = ["issued", "superseded", "withdrawn"] as const;

export interface CertificatesFilter {
  readonly holder?: string;
  readonly from?: string;
  readonly to?: string;
  readonly master?: string;
  readonly state?: (typeof CERTIFICATE_STATES)[number];
}

/** The filter as it stands in an address. */
export function readCertificatesFilter(search: Record<string, unknown>): CertificatesFilter {
  return present({
    holder: textParam(search["holder"]),
    from: dateParam(search["from"]),
    to: dateParam(search["to"]),
    master: textParam(search["master"]),
    state: oneOf(CERTIFICATE_STATES, search["state"]),
  });
}
