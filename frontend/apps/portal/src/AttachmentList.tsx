import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconDownload, IconEye } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import classes from "./AttachmentList.module.css";
import { useMessages } from "./messages/MessagesProvider";

type Attachment = components["schemas"]["CertificateAttachment"];

/** Drawn only when a file is looked at. */
const AttachmentFile = lazy(() =>
  import("./AttachmentFile").then((module) => ({ default: module.AttachmentFile })),
);

export interface AttachmentListProps {
  readonly files: readonly Attachment[];
  /** Reads a file; the same function for as long as it is the same certificate. */
  readonly load: (file: Attachment) => Promise<Blob>;
  readonly onSave: (file: Attachment) => Promise<void>;
}

/** The endorsements that go with a certificate: which they are, and each to be looked at and saved. */
export function AttachmentList({ files, load, onSave }: AttachmentListProps) {
  const t = useMessages();
  const format = useFormat();
  const [saving, setSaving] = useState<number | null>(null);
  const [open, setOpen] = useState<Attachment | null>(null);
  return (
    <>
      <ul className={classes.list}>
        {files.map((file) => (
          <li key={file.ordinal} className={classes.row}>
            <span className={classes.what}>
              <span className={classes.form}>
                {file.form_number} {file.edition}{" "}
                <span className={classes.soft}>{format.bytes(file.size_bytes)}</span>
              </span>
              <span className={classes.title}>{file.title}</span>
            </span>
            <span className={classes.acts}>
              <Button
                variant="default"
                size="sm"
                leftSection={<IconEye size={16} aria-hidden />}
                aria-label={t.certificates.lookAtFile(file.file_name)}
                onClick={() => setOpen(file)}
              >
                {t.certificates.look}
              </Button>
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
            </span>
          </li>
        ))}
      </ul>
      {open === null ? null : (
        <Suspense>
          <AttachmentFile file={open} load={load} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
