import type { components } from "@countersign/api/schema";
import { useCallback } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { PdfDrawer } from "../../PdfDrawer";
import { downloadCertificate, viewCertificate } from "./download-certificate";

export interface PreviewDialogProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** The certificate as it was issued, in the page. */
export function PreviewDialog({ certificate, onClose }: PreviewDialogProps) {
  const t = useMessages();
  const load = useCallback(() => viewCertificate(certificate.id), [certificate.id]);
  return (
    <PdfDrawer
      title={t.certificates.named(certificate.number)}
      load={load}
      // The server notes that it was saved, so it is asked for once more.
      onSave={() => downloadCertificate(certificate)}
      onClose={onClose}
    />
  );
}
