import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Section } from "@countersign/ui/Section";
import { toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./ImportsList.module.css";
import { ImportStateBadge } from "./ImportStateBadge";
import { Templates } from "./Templates";

type Import = components["schemas"]["Import"];

/** What was imported so far, a new import, and the templates to fill. */
export function ImportsList() {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  const [busy, setBusy] = useState(false);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/imports",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);

  async function start() {
    setBusy(true);
    try {
      const { data } = await client.POST("/v1/imports", {
        headers: { "Idempotency-Key": intent.key(null) },
      });
      intent.settle();
      void invalidate(cache, "/v1/imports");
      if (data !== undefined) await navigate(paths.import(data.id));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      toastProblem(trouble);
      setBusy(false);
    }
  }

  const columns = useMemo(
    (): readonly Column<Import>[] => [
      {
        id: "when",
        header: t.imports.startedAt,
        width: "220px",
        phone: "title",
        cell: (row) => (
          <Link {...paths.import(row.id)} className={classes.when}>
            {format.moment(row.created_at)}
          </Link>
        ),
      },
      {
        id: "who",
        header: t.imports.startedBy,
        width: "16%",
        phone: "bare",
        cell: (row) => row.created_by_name,
      },
      {
        id: "files",
        header: t.imports.files,
        cell: (row) => format.list(row.files.map((file) => t.imports.kinds[file.file])),
      },
      {
        id: "rows",
        header: t.imports.rows,
        width: "90px",
        align: "right",
        cell: (row) => format.number(row.files.reduce((sum, file) => sum + file.rows, 0)),
      },
      {
        id: "faults",
        header: t.imports.faults,
        width: "90px",
        align: "right",
        cell: (row) => format.number(row.fault_count),
      },
      {
        id: "state",
        header: t.imports.state,
        width: "196px",
        phone: "bare",
        cell: (row) => <ImportStateBadge state={row.state} />,
      },
    ],
    [t, format],
  );

  const button = (
    <Button size="xs" loading={busy} onClick={() => void start()}>
      {t.imports.start}
    </Button>
  );
  return (
    <>
      <Section title={t.imports.title} note={t.imports.note} actions={button}>
        <DataTable
          label={t.imports.title}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          onOpen={(row) => void navigate(paths.import(row.id))}
          problem={list.error === null ? null : problemOf(list.error)}
          onRetry={() => void list.refetch()}
          paging={{
            hasMore: list.hasNextPage,
            loading: list.isFetchingNextPage,
            onMore: () => void list.fetchNextPage(),
          }}
          empty={<EmptyState title={t.imports.none}>{t.imports.noneText}</EmptyState>}
        />
      </Section>
      <Section title={t.imports.templates} note={t.imports.templatesNote}>
        <Templates />
      </Section>
    </>
  );
}
