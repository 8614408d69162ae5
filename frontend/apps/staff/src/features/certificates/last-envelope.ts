import type { components } from "@countersign/api/schema";

type Certificate = components["schemas"]["Certificate"];

export interface Envelope {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly message: string;
}

export const EMPTY_ENVELOPE: Envelope = { to: [], cc: [], subject: "", message: "" };

/** Whom the last mail of a certificate went to, and what it said: what an exact copy repeats. */
export function lastEnvelope(certificate: Pick<Certificate, "deliveries">): Envelope {
  const last = certificate.deliveries
    .toSorted((a, b) => a.queued_at.localeCompare(b.queued_at))
    .at(-1);
  if (last === undefined) return EMPTY_ENVELOPE;
  return { to: last.to, cc: last.cc, subject: last.subject, message: last.message ?? "" };
}
