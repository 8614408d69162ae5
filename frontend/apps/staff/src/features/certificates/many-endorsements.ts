import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import type { components } from "@countersign/api/schema";

type Behind = components["schemas"]["EndorsementBehind"];

/** One of many certificates: what it rests on, and how its mail goes; null while that is not known. */
export interface RestingRow {
  readonly endorsements: readonly Behind[];
  readonly channel: components["schemas"]["ChannelWord"] | null;
}

/** A form that some of many certificates rest on. */
export interface TalliedForm {
  readonly key: string;
  readonly form: string;
  readonly sizeBytes: number | null;
  /** How many certificates rest on it. */
  readonly holders: number;
}

/** Each form once, with how many of the certificates rest on it. */
export function tallyForms(rows: readonly RestingRow[]): TalliedForm[] {
  const forms = new Map<string, TalliedForm>();
  for (const each of rows.flatMap((row) => row.endorsements)) {
    const key = `${each.policy_number} ${each.form}`;
    const holders = (forms.get(key)?.holders ?? 0) + 1;
    forms.set(key, { key, form: each.form, sizeBytes: each.size_bytes ?? null, holders });
  }
  return [...forms.values()];
}

/** What the files of endorsements come to. */
export function weightOf(endorsements: readonly Behind[]): number {
  return endorsements.reduce((sum, each) => sum + (each.size_bytes ?? 0), 0);
}

/** More than a page has; how large each one becomes is not known before it is drawn. */
const PAGE_BYTES = 32_000;

/** Whether a certificate has more files than the mail carries that they go with, beside the page. */
export function isRowTooHeavy({ endorsements, channel }: RestingRow): boolean {
  return channel !== "link" && weightOf(endorsements) + PAGE_BYTES > MAX_MAIL_BYTES;
}
