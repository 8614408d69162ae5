import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { saveFile } from "@countersign/ui/save-file";
import { toastProblem } from "@countersign/ui/toast";
import { Button, Skeleton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMessages } from "../../messages/MessagesProvider";
import type { ImportFile } from "./kinds";
import classes from "./Templates.module.css";

async function download(file: ImportFile) {
  try {
    const { data } = await client.GET("/v1/import-templates/{file}", {
      params: { path: { file } },
      parseAs: "blob",
    });
    if (data !== undefined) saveFile(data, `${file}.csv`);
  } catch (thrown) {
    toastProblem(problemOf(thrown));
  }
}

/** The eight files, column by column, each with an empty one to fill. */
export function Templates() {
  const t = useMessages();
  const list = api.useQuery("get", "/v1/import-templates", undefined, { staleTime: 3_600_000 });
  if (list.error !== null && list.data === undefined) {
    return <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  }
  if (list.data === undefined) {
    return (
      <Loading>
        <Skeleton height={280} />
      </Loading>
    );
  }
  return (
    <div className={classes.list}>
      {list.data.data.map(({ file, columns }) => (
        <div key={file} className={classes.file}>
          <details>
            <summary className={classes.summary}>
              <span className={classes.name}>{t.imports.kinds[file]}</span>
              <span className={classes.soft}>{t.imports.columnCount(columns.length)}</span>
            </summary>
            <table className={classes.columns}>
              <thead>
                <tr>
                  <th scope="col">{t.imports.column}</th>
                  <th scope="col">{t.imports.meaning}</th>
                  <th scope="col">{t.imports.example}</th>
                </tr>
              </thead>
              <tbody>
                {columns.map((column) => (
                  <tr key={column.name}>
                    <th scope="row">
                      <code>{column.name}</code>
                      {column.required ? (
                        <span className={classes.required}> {t.imports.required}</span>
                      ) : null}
                    </th>
                    <td>{column.description}</td>
                    <td>
                      <code>{column.example}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
          <Button
            className={classes.download ?? ""}
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={14} />}
            aria-label={t.imports.downloadTemplateOf(
              t.imports.templateName(file),
              t.imports.kinds[file],
            )}
            onClick={() => void download(file)}
          >
            {t.imports.templateName(file)}
          </Button>
        </div>
      ))}
    </div>
  );
}
