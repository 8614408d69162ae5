import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./AttachmentList.module.css";
import { useMessages } from "./messages/MessagesProvider";

type Attachment = components["schemas"]["CertificateAttachment"];

export interface AttachmentListProps {
  readonly files: readonly Attachment[];
  readonly onSave: (file: Attachment) => Promise<void>;
}

/** The endorsements that go with a certificate: which they are, and each to be saved. */
export function AttachmentList({ files, onSave }: AttachmentListProps) {
  const t = useMessages();
  const format = useFormat();
  const [saving, setSaving] = useState<number | null>(null);
  return (
    <ul className={classes.list}>
      {files.map((file) => (
        <li key={file.ordinal} className={classes.row}>
          <span className={classes.what}>
            <span className={classes.form}>
              {file.form_number} {file.edition}
            </span>
            <span>{file.title}</span>
            <span className={classes.soft}>{format.bytes(file.size_bytes)}</span>
          </span>
          <Button
            variant="default"
            size="sm"
            loading={saving === file.ordinal}
            leftSection={<IconDownload size={16} aria-hidden />}
            aria-label={t.certificates.downloadFile(file.file_name)}
            onClick={() => {
              setSaving(file.ordinal);
              void onSave(file).finally(() => setSaving(null));
            }}
          >
            {t.certificates.download}
          </Button>
        </li>
      ))}
    </ul>
  );
}
