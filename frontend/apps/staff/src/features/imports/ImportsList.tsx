import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { LinkButton } from "../../LinkButton";
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
  const navigate = useNavigate();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/imports",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);

  const columns = useMemo(
    (): readonly Column<Import>[] => [
      {
        id: "when",
        header: t.imports.startedAt,
        figures: true,
        width: "200px",
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
        width: "14%",
        wraps: true,
        phone: "bare",
        cell: (row) => row.created_by_name,
      },
      {
        id: "files",
        header: t.imports.files,
        wraps: true,
        cell: (row) => format.list(row.files.map((file) => t.imports.kinds[file.file])),
      },
      {
        id: "rows",
        header: t.imports.rows,
        width: "76px",
        align: "right",
        cell: (row) => format.number(row.files.reduce((sum, file) => sum + file.rows, 0)),
      },
      {
        id: "faults",
        header: t.imports.faults,
        width: "76px",
        align: "right",
        cell: (row) => format.number(row.fault_count),
      },
      {
        id: "state",
        header: t.imports.state,
        width: "150px",
        wraps: true,
        phone: "bare",
        cell: (row) => <ImportStateBadge state={row.state} />,
      },
    ],
    [t, format],
  );

  const button = (
    <LinkButton {...paths.newImport()} size="xs">
      {t.imports.start}
    </LinkButton>
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
