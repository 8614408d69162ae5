import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { useFormat } from "@countersign/ui/UiProvider";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./BatchPage.module.css";
import { BatchStateBadge } from "./BatchStateBadge";

type Batch = components["schemas"]["Batch"];

/** How often the list is asked for while something in it goes on. */
const WHILE_RUNNING = 5_000;

export interface BatchesTableProps {
  /** Whose batches; null for the whole agency. */
  readonly insured: string | null;
  /** What starts one, beside the list. */
  readonly start?: ReactNode;
}

/** Sendings to many holders, the newest first. */
export function BatchesTable({ insured, start }: BatchesTableProps) {
  const t = useMessages();
  const format = useFormat();
  const navigate = useNavigate();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/batches",
    {
      params: { query: { limit: 50, ...(insured === null ? {} : { insured_id: insured }) } },
    },
    {
      ...byCursor,
      refetchInterval: (at: { state: { data: { pages: { data: Batch[] }[] } | undefined } }) =>
        (at.state.data?.pages ?? []).some((page) =>
          page.data.some((batch) => batch.state === "running"),
        )
          ? WHILE_RUNNING
          : false,
    },
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo((): readonly Column<Batch>[] => {
    const all: (Column<Batch> | null)[] = [
      {
        id: "kind",
        header: t.batches.masterColumn,
        phone: "title",
        cell: (batch) => (
          <Link {...paths.batch(batch.id)} className={classes.link}>
            {batch.master.name}
            <span className={classes.reason}>{t.batches.kinds[batch.kind]}</span>
          </Link>
        ),
      },
      insured === null
        ? {
            id: "insured",
            header: t.batches.insured,
            width: "24%",
            phone: "bare",
            cell: (batch) => (
              <Link {...paths.insured(batch.insured_id)} className={classes.link}>
                {batch.insured_name}
              </Link>
            ),
          }
        : null,
      {
        id: "issued",
        header: t.batches.result,
        width: "170px",
        phone: "bare",
        cell: ({ counts }) =>
          t.batches.issuedOf(format.number(counts.issued), format.number(counts.total)),
      },
      {
        id: "started",
        header: t.batches.startedColumn,
        width: "210px",
        cell: (batch) => (
          <>
            {format.moment(batch.created_at)}
            <span className={classes.reason}>{batch.started_by_name}</span>
          </>
        ),
      },
      {
        id: "state",
        header: t.batches.state,
        width: "130px",
        phone: "bare",
        cell: (batch) => <BatchStateBadge batch={batch} />,
      },
    ];
    return all.filter((column) => column !== null);
  }, [t, format, insured]);
  return (
    <>
      {start === undefined ? null : <div className={classes.tools}>{start}</div>}
      <DataTable
        label={t.batches.title}
        columns={columns}
        rows={rows}
        rowId={(batch) => batch.id}
        onOpen={(batch) => void navigate(paths.batch(batch.id))}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={<EmptyState title={t.batches.none}>{t.batches.noneText}</EmptyState>}
      />
    </>
  );
}
