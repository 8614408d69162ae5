import type { components } from "@countersign/api/schema";
import { FileDrop } from "@countersign/ui/FileDrop";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import { FILES } from "./kinds";
import classes from "./UploadFiles.module.css";
import type { Uploads } from "./use-uploads";

export interface UploadFilesProps {
  readonly run: components["schemas"]["Import"];
  readonly uploads: Uploads;
}

/** What has arrived, what is on its way, and what waits for a word of the person. */
export function UploadFiles({ run, uploads }: UploadFilesProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <div className={classes.upload}>
      <FileDrop
        title={t.imports.drop}
        hint={t.imports.dropHint}
        accept=".csv,text/csv"
        onFiles={(files) => void uploads.take(files)}
      />
      <ul className={classes.list}>
        {run.files.map((file) => (
          <li key={file.file} className={classes.row}>
            <span className={classes.kind}>{t.imports.kinds[file.file]}</span>
            <span className={classes.soft}>{file.name}</span>
            <StatusBadge tone="good">
              {file.rows > 0 ? t.imports.rowCount(file.rows) : t.imports.received}
            </StatusBadge>
          </li>
        ))}
        {uploads.pending.map((upload) => {
          const { kind, file, sending, problem } = upload;
          return (
            <li key={upload.id} className={classes.row}>
              <span className={classes.kind}>
                {upload.refused
                  ? t.imports.workbookFile
                  : kind === null
                    ? t.imports.whatIsIt
                    : t.imports.kinds[kind]}
              </span>
              <span className={classes.soft}>
                {file.name} · {format.bytes(file.size)}
              </span>
              {upload.refused ? (
                <StatusBadge tone="bad">{t.imports.notTaken}</StatusBadge>
              ) : sending ? (
                <StatusBadge tone="pending">{t.imports.sending}</StatusBadge>
              ) : kind === null ? (
                <Select
                  aria-label={t.imports.whatIsItIn(file.name)}
                  placeholder={t.imports.chooseKind}
                  data={FILES.map((each) => ({ value: each, label: t.imports.kinds[each] }))}
                  value={null}
                  onChange={(next) => {
                    const chosen = FILES.find((each) => each === next);
                    if (chosen !== undefined) void uploads.send(upload, chosen);
                  }}
                  size="xs"
                />
              ) : problem === null ? (
                <StatusBadge tone="pending">{t.imports.waiting}</StatusBadge>
              ) : null}
              {sending ? null : (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  onClick={() => uploads.leaveOut(upload)}
                  aria-label={t.imports.leaveOutOf(file.name)}
                >
                  {t.imports.leaveOut}
                </Button>
              )}
              {upload.refused ? (
                <p role="alert" className={classes.refused}>
                  {t.imports.workbook}
                </p>
              ) : null}
              {problem === null ? null : (
                <div className={classes.problem}>
                  <ProblemAlert
                    problem={problem}
                    {...(kind === null ? {} : { onRetry: () => void uploads.send(upload, kind) })}
                  />
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
