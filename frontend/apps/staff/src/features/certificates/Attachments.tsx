import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { saveFile } from "@countersign/ui/save-file";
import { useFormat } from "@countersign/ui/UiProvider";
import { IconEye } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { PdfDrawer } from "../../PdfDrawer";
import classes from "./Attachments.module.css";

type Attachment = components["schemas"]["CertificateAttachment"];

export interface AttachmentsProps {
  readonly certificate: Pick<components["schemas"]["Certificate"], "id" | "may" | "attachments">;
}

/** The endorsements that went with a certificate, each to be looked at. */
export function Attachments({ certificate }: AttachmentsProps) {
  const t = useMessages();
  const format = useFormat();
  const [open, setOpen] = useState<Attachment | null>(null);
  return (
    <>
      <ul className={classes.list}>
        {certificate.attachments.map((file) => (
          <li key={file.ordinal} className={classes.row}>
            <span className={classes.what}>
              <span className={classes.form}>
                {file.form_number} {file.edition}
              </span>
              <span>{file.title}</span>
              <span className={classes.soft}>
                {file.file_name} · {format.bytes(file.size_bytes)}
              </span>
            </span>
            <GuardedButton
              variant="default"
              size="compact-sm"
              reason={certificate.may.includes("preview") ? null : t.certificates.whyNot.look}
              leftSection={<IconEye size={14} aria-hidden />}
              aria-label={t.attachments.viewFile(file.file_name)}
              onClick={() => setOpen(file)}
            >
              {t.attachments.viewShort}
            </GuardedButton>
          </li>
        ))}
      </ul>
      {open === null ? null : (
        <AttachmentFile certificate={certificate.id} file={open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function AttachmentFile({
  certificate,
  file,
  onClose,
}: {
  readonly certificate: string;
  readonly file: Attachment;
  readonly onClose: () => void;
}) {
  const { ordinal } = file;
  const load = useCallback(async () => {
    const { data } = await client.GET("/v1/certificates/{certificate}/attachments/{ordinal}", {
      params: { path: { certificate, ordinal } },
      parseAs: "arrayBuffer",
    });
    if (data === undefined) throw new Error("the server answered without a file");
    return new Uint8Array(data);
  }, [certificate, ordinal]);
  return (
    <PdfDrawer
      title={file.file_name}
      load={load}
      onSave={(bytes) => saveFile(new Blob([bytes], { type: "application/pdf" }), file.file_name)}
      onClose={onClose}
    />
  );
}
