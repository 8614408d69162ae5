import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Faults.module.css";

type ImportFault = components["schemas"]["ImportFault"];

export interface FaultsProps {
  readonly run: components["schemas"]["Import"];
}

/** Every fault with file, line, column, value and reason. */
export function Faults({ run }: FaultsProps) {
  const t = useMessages();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/imports/{import}/faults",
    { params: { path: { import: run.id }, query: { limit: 100 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<ImportFault>[] => [
      {
        id: "file",
        header: t.imports.file,
        width: "120px",
        phone: "title",
        cell: (fault) => t.imports.kinds[fault.file],
      },
      {
        id: "line",
        header: t.imports.line,
        width: "70px",
        align: "right",
        cell: (fault) => format.number(fault.line),
      },
      {
        id: "column",
        header: t.imports.column,
        width: "17%",
        cell: (fault) => <code className={classes.code}>{fault.column ?? ""}</code>,
      },
      {
        id: "value",
        header: t.imports.value,
        width: "20%",
        cell: (fault) => (
          <code className={classes.code} title={fault.value ?? ""}>
            {fault.value ?? ""}
          </code>
        ),
      },
      {
        id: "reason",
        header: t.imports.reason,
        phone: "bare",
        cell: (fault) => <span className={classes.reason}>{fault.reason}</span>,
      },
    ],
    [t, format],
  );
  return (
    <Section title={t.imports.faultsOf(format.number(run.fault_count))}>
      <DataTable
        label={t.imports.faults}
        dense
        columns={columns}
        rows={rows}
        rowId={(fault) =>
          [fault.file, fault.line, fault.column ?? "", fault.reason, fault.value ?? ""].join("|")
        }
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
