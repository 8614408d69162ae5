import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { VisuallyHidden } from "@mantine/core";
import { useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Changes.module.css";

type ImportChange = components["schemas"]["ImportChange"];

export interface ChangesProps {
  readonly run: components["schemas"]["Import"];
}

/** Which records the import would change, before it does: an older file undoes newer work. */
export function Changes({ run }: ChangesProps) {
  const t = useMessages();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/imports/{import}/changes",
    { params: { path: { import: run.id }, query: { limit: 50 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<ImportChange>[] => [
      {
        id: "file",
        header: t.imports.file,
        width: "120px",
        phone: "bare",
        cell: (change) => t.imports.kinds[change.file],
      },
      {
        id: "line",
        header: t.imports.line,
        width: "70px",
        align: "right",
        cell: (change) => format.number(change.line),
      },
      {
        id: "record",
        header: t.imports.record,
        width: "30%",
        phone: "title",
        cell: (change) => <span className={classes.name}>{change.name}</span>,
      },
      {
        id: "changes",
        header: t.imports.whatChanges,
        phone: "bare",
        cell: ({ changes }) =>
          changes.length === 0 ? (
            <span className={classes.before}>{t.imports.nothingToTell}</span>
          ) : (
            <dl className={classes.changes}>
              {changes.map((change) => (
                <div key={`${change.field} ${change.label}`}>
                  <dt>{change.label}</dt>
                  <dd>
                    <span className={classes.before}>{change.before ?? t.conflict.nothing}</span>{" "}
                    <span aria-hidden>→</span>
                    <VisuallyHidden>{t.imports.becomes}</VisuallyHidden>{" "}
                    {change.after ?? t.conflict.nothing}
                  </dd>
                </div>
              ))}
            </dl>
          ),
      },
    ],
    [t, format],
  );
  const changed = run.files.reduce((sum, file) => sum + file.changed, 0);
  return (
    <Section title={t.imports.changesOf(format.number(changed))} note={t.imports.changesNote}>
      <DataTable
        label={t.imports.changes}
        dense
        columns={columns}
        rows={rows}
        rowId={(change) => `${change.file} ${change.line}`}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={null}
      />
    </Section>
  );
}
