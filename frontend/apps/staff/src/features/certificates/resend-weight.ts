import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import type { components } from "@countersign/api/schema";
import type { Channel } from "./ChannelField";

type Weighed = Pick<components["schemas"]["Certificate"], "size_bytes"> & {
  readonly attachments: readonly Pick<
    components["schemas"]["CertificateAttachment"],
    "size_bytes"
  >[];
};

/** What a mail carries that brings a certificate once more: the page and every file that went with it. */
export function mailBytes({ size_bytes, attachments }: Weighed): number {
  return attachments.reduce((sum, file) => sum + file.size_bytes, size_bytes);
}

/** Whether that is more than one mail carries. A link has no limit. */
export function isResendTooHeavy(certificate: Weighed, channel: Channel): boolean {
  return channel === "attachment" && mailBytes(certificate) > MAX_MAIL_BYTES;
}
