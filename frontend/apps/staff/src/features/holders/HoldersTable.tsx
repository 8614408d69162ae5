import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { SearchField } from "@countersign/ui/SearchField";
import { Button, SegmentedControl, Select } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useMay } from "../../session";
import classes from "./HoldersTable.module.css";

type Holder = components["schemas"]["Holder"];

export interface HoldersFilter {
  readonly q?: string;
  readonly archived?: true;
  readonly group?: string;
}

export interface HoldersTableProps {
  readonly filter: HoldersFilter;
  readonly onFilter: (filter: HoldersFilter) => void;
  /** What stands behind the filter. */
  readonly tools?: ReactNode;
}

/** The agency's library of holders; what is searched stands in the address. */
export function HoldersTable({ filter, onFilter, tools }: HoldersTableProps) {
  const t = useMessages();
  const may = useMay();
  const navigate = useNavigate();
  const { q, archived, group } = filter;
  const groups = api.useQuery("get", "/v1/holder-groups").data?.data ?? [];
  const list = api.useInfiniteQuery(
    "get",
    "/v1/holders",
    {
      params: {
        query: {
          limit: 50,
          ...(q === undefined ? {} : { q }),
          ...(archived === undefined ? {} : { archived }),
          ...(group === undefined ? {} : { group }),
        },
      },
    },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<Holder>[] => [
      {
        id: "name",
        header: t.holders.name,
        phone: "title",
        cell: (row) => (
          <Link {...paths.holder(row.id)} className={classes.name}>
            {row.name}
            {row.care_of ? <span className={classes.soft}> {row.care_of}</span> : null}
          </Link>
        ),
      },
      {
        id: "place",
        header: t.holders.place,
        width: "24%",
        phone: "bare",
        cell: (row) => `${row.address.city}, ${row.address.state}`,
      },
      {
        id: "emails",
        header: t.holders.emails,
        width: "32%",
        phone: "bare",
        cell: (row) => row.emails.join(", "),
      },
    ],
    [t],
  );
  const searched = q !== undefined || group !== undefined;
  const clear = (
    <Button variant="default" onClick={() => onFilter(archived ? { archived } : {})}>
      {t.clearFilters}
    </Button>
  );
  return (
    <>
      <div className={classes.tools} role="search">
        <SearchField
          label={t.holders.search}
          placeholder={t.holders.searchHint}
          value={q ?? ""}
          onSearch={(text) => onFilter({ ...filter, q: text })}
        />
        <SegmentedControl
          aria-label={t.holders.which}
          value={archived ? "archived" : "in_use"}
          onChange={(which) =>
            onFilter({
              ...(q === undefined ? {} : { q }),
              ...(group === undefined ? {} : { group }),
              ...(which === "archived" ? { archived: true } : {}),
            })
          }
          data={[
            { value: "in_use", label: t.holders.inUse },
            { value: "archived", label: t.holders.archived },
          ]}
        />
        {groups.length === 0 && group === undefined ? null : (
          <Select
            aria-label={t.groups.group}
            placeholder={t.groups.all}
            data={groups.map((each) => ({ value: each.id, label: each.name }))}
            value={group ?? null}
            onChange={(next) =>
              onFilter({
                ...(q === undefined ? {} : { q }),
                ...(archived === undefined ? {} : { archived }),
                ...(next === null ? {} : { group: next }),
              })
            }
            clearable
            searchable
          />
        )}
        {tools}
      </div>
      <DataTable
        label={t.holders.title}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        onOpen={(row) => void navigate(paths.holder(row.id))}
        stale={list.isPlaceholderData}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={
          searched ? (
            <EmptyState title={t.holders.noMatch} action={clear}>
              {t.holders.noMatchText}
            </EmptyState>
          ) : archived ? (
            <EmptyState title={t.holders.noneArchived}>{t.holders.noneArchivedText}</EmptyState>
          ) : (
            <EmptyState
              title={t.holders.none}
              {...(may("send_certificates")
                ? {
                    action: <LinkButton {...paths.newHolder()}>{t.holders.add}</LinkButton>,
                  }
                : {})}
            >
              {t.holders.noneText}
            </EmptyState>
          )
        }
      />
    </>
  );
}
