import type { components } from "@countersign/api/schema";
import type { Messages } from "../../messages/en";

/** Why a certificate cannot be sent once more; null when it can. */
export function whyNotAgain(
  row: Pick<components["schemas"]["CertificateRow"], "may" | "state"> & {
    readonly resend_refused?: string | null;
  },
  t: Messages,
): string | null {
  if (row.state !== "issued") return t.certificates.notIssued;
  if (!row.may.includes("resend")) return t.certificates.notAllowed;
  return row.resend_refused ? t.certificates.termEnded : null;
}
