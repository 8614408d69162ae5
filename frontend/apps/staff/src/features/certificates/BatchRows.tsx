import { usePolling } from "@countersign/api/polling";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Select } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./BatchPage.module.css";
import { DeliveryBadge } from "../../DeliveryBadge";

type Row = components["schemas"]["BatchRow"];

const STATES = ["waiting", "issued", "set_aside", "failed", "not_sent"] as const;

const TONES: Record<Row["state"], Tone> = {
  waiting: "pending",
  issued: "good",
  set_aside: "bad",
  failed: "bad",
  not_sent: "quiet",
};

export interface BatchRowsProps {
  readonly id: string;
  readonly ended: boolean;
}

/** The rows of a batch, each with what became of it: its certificate and mail, its findings, or why it failed. */
export function BatchRows({ id, ended }: BatchRowsProps) {
  const t = useMessages();
  const format = useFormat();
  const poll = usePolling();
  const [state, setState] = useState<Row["state"] | null>(null);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/batches/{batch}/rows",
    {
      params: {
        path: { batch: id },
        query: { limit: 100, ...(state === null ? {} : { state }) },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
      // While mail is on its way after the last row, the list follows it.
      refetchInterval: (at: { state: { data: { pages: { data: Row[] }[] } | undefined } }) =>
        ended
          ? poll(
              (at.state.data?.pages ?? []).flatMap((page) => page.data.map((row) => row.delivery)),
              3_000,
            )
          : false,
    },
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      {
        id: "row",
        header: t.batches.row,
        width: "52px",
        align: "right",
        phone: "hidden",
        cell: (row) => format.number(row.ordinal),
      },
      {
        id: "holder",
        header: t.batches.holder,
        width: "26%",
        phone: "title",
        cell: (row) => (
          <Link {...paths.holder(row.holder_id)} className={classes.link}>
            {row.holder_name}
          </Link>
        ),
      },
      {
        id: "recipients",
        header: t.batches.recipients,
        width: "24%",
        phone: "bare",
        cell: (row) => (
          <>
            {format.list([...row.to, ...row.cc])}
            <span className={classes.reason}>{t.channels.named[row.channel]}</span>
          </>
        ),
      },
      {
        id: "result",
        header: t.batches.result,
        phone: "bare",
        cell: (row) => (
          <>
            <StatusBadge tone={TONES[row.state]}>{t.batches.rowStates[row.state]}</StatusBadge>
            {row.reason ? <span className={classes.reason}>{row.reason}</span> : null}
            {row.findings
              .filter((finding) => finding.severity === "block")
              .map((finding) => (
                <span key={`${finding.code} ${finding.field}`} className={classes.reason}>
                  {finding.message} {finding.fix}
                </span>
              ))}
          </>
        ),
      },
      {
        id: "certificate",
        header: t.batches.certificate,
        width: "110px",
        cell: (row) =>
          row.certificate_id ? (
            <Link {...paths.certificate(row.certificate_id)} className={classes.link}>
              {row.certificate_number}
            </Link>
          ) : (
            ""
          ),
      },
      {
        id: "delivery",
        header: t.certificates.delivery,
        width: "178px",
        phone: "bare",
        cell: (row) =>
          row.delivery ? (
            <span title={row.delivery.last_error ?? ""}>
              <DeliveryBadge delivery={row.delivery} at={row.delivery.at} />
            </span>
          ) : (
            ""
          ),
      },
    ],
    [t, format],
  );
  return (
    <div>
      <div className={classes.tools}>
        <Select
          aria-label={t.batches.anyState}
          placeholder={t.batches.anyState}
          data={STATES.map((value) => ({ value, label: t.batches.rowStates[value] }))}
          value={state}
          onChange={(next) => setState(STATES.find((each) => each === next) ?? null)}
          clearable
          w={160}
        />
      </div>
      <DataTable
        label={t.batches.holders}
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.ordinal)}
        stale={list.isPlaceholderData}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={<EmptyState title={t.batches.noRows} />}
      />
    </div>
  );
}
