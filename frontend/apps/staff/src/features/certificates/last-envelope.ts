import type { components } from "@countersign/api/schema";

type Certificate = components["schemas"]["Certificate"];

export interface Envelope {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly message: string;
  readonly channel: Certificate["deliveries"][number]["channel"];
}

export const EMPTY_ENVELOPE: Envelope = {
  to: [],
  cc: [],
  subject: "",
  message: "",
  channel: "attachment",
};

/** Whom the last mail of a certificate went to, and what it said: what an exact copy repeats. */
export function lastEnvelope(certificate: Pick<Certificate, "deliveries">): Envelope {
  const last = certificate.deliveries
    .toSorted((a, b) => a.queued_at.localeCompare(b.queued_at))
    .at(-1);
  if (last === undefined) return EMPTY_ENVELOPE;
  const { to, cc, subject, message, channel } = last;
  return { to, cc, subject, message: message ?? "", channel };
}
