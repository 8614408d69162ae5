import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./FailedMail.module.css";

type FailedJob = components["schemas"]["FailedJob"];

/** Mail that was given up after its last attempt; each can be tried again. */
export function FailedMail() {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const list = api.useInfiniteQuery(
    "get",
    "/v1/failed-jobs",
    { params: { query: { limit: 50 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);

  const columns = useMemo((): readonly Column<FailedJob>[] => {
    async function retry(job: FailedJob) {
      setBusy((last) => new Set(last).add(job.id));
      try {
        await client.POST("/v1/failed-jobs/{job}/retry", { params: { path: { job: job.id } } });
        toastDone(t.mail.queuedAgain);
        await invalidate(cache, "/v1/failed-jobs");
        void invalidate(cache, "/v1/home");
      } catch (thrown) {
        toastProblem(problemOf(thrown));
      } finally {
        setBusy((last) => new Set([...last].filter((id) => id !== job.id)));
      }
    }
    return [
      {
        id: "what",
        header: t.mail.what,
        width: "34%",
        phone: "title",
        cell: (job) =>
          job.insured_id ? (
            <LinkAnchor {...paths.activity(job.insured_id)} c="inherit" fw={500}>
              {job.summary}
            </LinkAnchor>
          ) : (
            <span className={classes.what}>{job.summary}</span>
          ),
      },
      {
        id: "error",
        header: t.mail.lastError,
        phone: "bare",
        cell: (job) => (
          <span className={classes.error} title={job.last_error}>
            {job.last_error}
          </span>
        ),
      },
      {
        id: "attempts",
        header: t.mail.attempts,
        width: "84px",
        align: "right",
        cell: (job) => format.number(job.attempts),
      },
      {
        id: "failed",
        header: t.mail.failedAt,
        width: "150px",
        cell: (job) => (
          <time dateTime={job.failed_at} title={format.moment(job.failed_at)}>
            {format.ago(job.failed_at)}
          </time>
        ),
      },
      {
        id: "retry",
        header: t.actions,
        quietHeader: true,
        width: "110px",
        align: "right",
        phone: "bare",
        cell: (job) => (
          <Button
            variant="default"
            size="compact-sm"
            loading={busy.has(job.id)}
            onClick={() => void retry(job)}
            aria-label={t.mail.retryOf(job.summary)}
          >
            {t.mail.retry}
          </Button>
        ),
      },
    ];
  }, [t, format, busy, cache]);

  return (
    <DataTable
      label={t.mail.title}
      columns={columns}
      rows={rows}
      rowId={(job) => job.id}
      problem={list.error === null ? null : problemOf(list.error)}
      onRetry={() => void list.refetch()}
      paging={{
        hasMore: list.hasNextPage,
        loading: list.isFetchingNextPage,
        onMore: () => void list.fetchNextPage(),
      }}
      empty={<EmptyState title={t.mail.none}>{t.mail.noneText}</EmptyState>}
    />
  );
}
