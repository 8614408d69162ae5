import { dateParam, idParam, oneOf, present, textParam } from "./search-params";

/** What one filters by: the states of a certificate, and that it stands although its cover has ended. */
export const CERTIFICATE_STATES = ["issued", "ended", "superseded", "withdrawn"] as const;
/** Doors through which certificates are sent. */
export const CERTIFICATE_SOURCES = ["staff", "portal", "bulk", "additional_interest"] as const;

export interface CertificatesFilter {
  readonly holder?: string;
  readonly from?: string;
  readonly to?: string;
  readonly master?: string;
  readonly state?: (typeof CERTIFICATE_STATES)[number];
  readonly sender?: string;
  readonly source?: (typeof CERTIFICATE_SOURCES)[number];
  /** Of one sending to many holders. */
  readonly batch?: string;
}

/** The filter as it stands in an address. */
export function readCertificatesFilter(search: Record<string, unknown>): CertificatesFilter {
  return present({
    holder: textParam(search["holder"]),
    from: dateParam(search["from"]),
    to: dateParam(search["to"]),
    master: idParam(search["master"]),
    state: oneOf(CERTIFICATE_STATES, search["state"]),
    sender: textParam(search["sender"]),
    source: oneOf(CERTIFICATE_SOURCES, search["source"]),
    batch: idParam(search["batch"]),
  });
}

/** The filter as the server takes it, on this day of the agency. */
export function certificatesQuery(filter: CertificatesFilter, today: string) {
  const ended = filter.state === "ended";
  return present({
    holder_contains: filter.holder,
    issued_from: filter.from,
    issued_to: filter.to,
    master_id: filter.master,
    state: filter.state === "ended" ? ("issued" as const) : filter.state,
    cover_ends_to: ended ? today : undefined,
    sent_by_contains: filter.sender,
    source: filter.source,
    batch_id: filter.batch,
  });
}
