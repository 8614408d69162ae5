import type { components } from "@countersign/api/schema";
import type { Messages } from "../../messages/en";

/** Why a certificate cannot be sent once more; null when it can. */
export function whyNotAgain(
  row: Pick<components["schemas"]["CertificateRow"], "may" | "state">,
  t: Messages,
): string | null {
  if (row.state !== "issued") return t.certificates.notIssued;
  return row.may.includes("resend") ? null : t.certificates.notAllowed;
}
