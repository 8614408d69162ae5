import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { useFormat } from "@countersign/ui/UiProvider";
import { SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { APPROVAL_VIEWS, type ApprovalView } from "../../approvals-view";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { oneOf } from "../../search-params";
import classes from "./ApprovalsList.module.css";
import { ApprovalStateBadge } from "./ApprovalStateBadge";

type ApprovalRow = components["schemas"]["ApprovalRow"];

export interface ApprovalsListProps {
  readonly view: ApprovalView;
  readonly onView: (view: ApprovalView) => void;
}

/** Certificates that are blocked and wait for a second person, one's own requests, and what was decided. */
export function ApprovalsList({ view, onView }: ApprovalsListProps) {
  const t = useMessages();
  const format = useFormat();
  const navigate = useNavigate();
  const a = t.approvals;
  const list = api.useInfiniteQuery(
    "get",
    "/v1/approvals",
    {
      params: {
        query: {
          limit: 50,
          ...(view === "waiting" ? { state: "waiting" as const } : {}),
          ...(view === "own" ? { own: true } : {}),
        },
      },
    },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<ApprovalRow>[] => [
      {
        id: "holder",
        header: t.certificates.holder,
        phone: "title",
        cell: (row) => (
          <LinkAnchor {...paths.approval(row.id)} c="inherit" fw={500}>
            {row.holder_name}
          </LinkAnchor>
        ),
      },
      {
        id: "insured",
        header: t.certificates.insured,
        width: "20%",
        cell: (row) => row.insured_name,
      },
      {
        id: "blocks",
        header: a.blocks,
        width: "32%",
        phone: "bare",
        cell: (row) => (
          <span className={classes.blocks}>
            {row.findings[0]?.message}
            {row.findings.length > 1 ? ` ${a.more(row.findings.length - 1)}` : ""}
          </span>
        ),
      },
      {
        id: "asked",
        header: a.askedBy,
        width: "180px",
        cell: (row) => (
          <span title={format.moment(row.asked_at)}>
            {a.askedWhen(row.own ? a.you : row.asked_by_name, format.ago(row.asked_at))}
          </span>
        ),
      },
      {
        id: "state",
        header: t.certificates.state,
        width: "120px",
        phone: "bare",
        cell: (row) => <ApprovalStateBadge state={row.state} />,
      },
    ],
    [t, a, format],
  );
  return (
    <>
      <SegmentedControl
        className={classes.views ?? ""}
        aria-label={a.which}
        data={APPROVAL_VIEWS.map((each) => ({ value: each, label: a.views[each] }))}
        value={view}
        onChange={(chosen) => onView(oneOf(APPROVAL_VIEWS, chosen) ?? "waiting")}
      />
      <DataTable
        label={a.views[view]}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        onOpen={(row) => void navigate(paths.approval(row.id))}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={<EmptyState title={a.none[view]}>{a.noneText}</EmptyState>}
      />
    </>
  );
}
