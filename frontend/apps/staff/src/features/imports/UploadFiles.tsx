import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { FileDrop } from "@countersign/ui/FileDrop";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Select } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { FILES, type ImportFile, kindOf } from "./kinds";
import classes from "./UploadFiles.module.css";

export interface UploadFilesProps {
  readonly run: components["schemas"]["Import"];
  readonly onUploaded: () => Promise<void>;
}

interface Upload {
  readonly id: string;
  readonly file: File;
  readonly kind: ImportFile | null;
  readonly sending: boolean;
  readonly problem: ProblemError | null;
}

/** Takes CSV files one by one, as the bytes they are; a name that says nothing is asked about. */
export function UploadFiles({ run, onUploaded }: UploadFilesProps) {
  const t = useMessages();
  const format = useFormat();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);

  function update(id: string, part: Partial<Upload> | null) {
    setUploads((last) =>
      part === null
        ? last.filter((upload) => upload.id !== id)
        : last.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)),
    );
  }

  async function send(upload: Upload, kind: ImportFile) {
    update(upload.id, { kind, sending: true, problem: null });
    try {
      await client.PUT("/v1/imports/{import}/files/{file}", {
        params: { path: { import: run.id, file: kind } },
        body: "",
        // The bytes go as they are: the server tells UTF-8 from Windows-1252.
        bodySerializer: () => upload.file,
        headers: { "Content-Type": "text/csv" },
      });
      await onUploaded();
      update(upload.id, null);
    } catch (thrown) {
      update(upload.id, { sending: false, problem: problemOf(thrown) });
    }
  }

  async function take(files: File[]) {
    const fresh = files.map((file) => ({
      id: crypto.randomUUID(),
      file,
      kind: kindOf(file.name),
      sending: false,
      problem: null,
    }));
    setUploads((last) => [...last, ...fresh]);
    // One after the other: each answer is the whole import with what it holds by then.
    for (const upload of fresh) {
      if (upload.kind !== null) await send(upload, upload.kind);
    }
  }

  return (
    <div className={classes.upload}>
      <FileDrop
        title={t.imports.drop}
        hint={t.imports.dropHint}
        accept=".csv,text/csv"
        onFiles={(files) => void take(files)}
      />
      <ul className={classes.list}>
        {run.files.map((file) => (
          <li key={file.file} className={classes.row}>
            <span className={classes.kind}>{t.imports.kinds[file.file]}</span>
            <span className={classes.soft}>{file.name}</span>
            <StatusBadge tone="good">
              {file.rows > 0 ? t.imports.rowCount(format.number(file.rows)) : t.imports.received}
            </StatusBadge>
          </li>
        ))}
        {uploads.map((upload) => (
          <li key={upload.id} className={classes.row}>
            <span className={classes.kind}>
              {upload.kind === null ? t.imports.whatIsIt : t.imports.kinds[upload.kind]}
            </span>
            <span className={classes.soft}>
              {upload.file.name} · {format.bytes(upload.file.size)}
            </span>
            {upload.sending ? (
              <StatusBadge tone="pending">{t.imports.sending}</StatusBadge>
            ) : upload.kind === null ? (
              <Select
                aria-label={t.imports.whatIsItIn(upload.file.name)}
                placeholder={t.imports.chooseKind}
                data={FILES.map((file) => ({ value: file, label: t.imports.kinds[file] }))}
                value={null}
                onChange={(next) => {
                  const kind = FILES.find((file) => file === next);
                  if (kind !== undefined) void send(upload, kind);
                }}
                size="xs"
              />
            ) : null}
            {upload.problem === null ? null : (
              <div className={classes.problem}>
                <ProblemAlert
                  problem={upload.problem}
                  {...(upload.kind === null
                    ? {}
                    : { onRetry: () => void send(upload, upload.kind ?? "insureds") })}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
