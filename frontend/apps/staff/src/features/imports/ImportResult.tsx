import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { saveFile } from "@countersign/ui/save-file";
import { toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import type { ImportFile } from "./kinds";

type ImportFileResult = components["schemas"]["ImportFileReport"];

export interface ImportResultProps {
  readonly run: components["schemas"]["Import"];
}

async function downloadRejected(id: string, file: ImportFile) {
  try {
    const { data } = await client.GET("/v1/imports/{import}/rejected/{file}", {
      params: { path: { import: id, file } },
      parseAs: "blob",
    });
    if (data !== undefined) saveFile(data, `${file}-rejected.csv`);
  } catch (thrown) {
    toastProblem(problemOf(thrown));
  }
}

/** File by file: what is new, what changes, what stays, what is refused. */
export function ImportResult({ run }: ImportResultProps) {
  const t = useMessages();
  const format = useFormat();
  const columns = useMemo((): readonly Column<ImportFileResult>[] => {
    const count = (
      id: string,
      header: string,
      pick: (file: ImportFileResult) => number,
    ): Column<ImportFileResult> => ({
      id,
      header,
      width: "96px",
      align: "right",
      cell: (file) => format.number(pick(file)),
    });
    return [
      {
        id: "file",
        header: t.imports.file,
        phone: "title",
        cell: (file) => t.imports.kinds[file.file],
      },
      count("rows", t.imports.rows, (file) => file.rows),
      count("new", t.imports.new, (file) => file.new),
      count("changed", t.imports.changed, (file) => file.changed),
      count("unchanged", t.imports.unchanged, (file) => file.unchanged),
      count("faulty", t.imports.faulty, (file) => file.faulty),
      {
        id: "rejected",
        header: t.imports.rejected,
        width: "136px",
        align: "right",
        phone: "bare",
        cell: (file) =>
          file.faulty === 0 ? null : (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={14} />}
              onClick={() => void downloadRejected(run.id, file.file)}
              aria-label={t.imports.downloadRejectedOf(t.imports.kinds[file.file])}
            >
              {t.imports.downloadRejected}
            </Button>
          ),
      },
    ];
  }, [t, format, run.id]);
  return (
    <DataTable
      label={t.imports.result}
      columns={columns}
      rows={run.files}
      rowId={(file) => file.file}
      empty={null}
    />
  );
}
