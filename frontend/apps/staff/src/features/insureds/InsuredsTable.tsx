import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { STATES } from "@countersign/api/states";
import { type Column, DataTable, type Sort } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { SearchField } from "@countersign/ui/SearchField";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { PortalBadge } from "../../PortalBadge";
import { useMay } from "../../session";
import { Expiry } from "../../Expiry";
import classes from "./InsuredsTable.module.css";

type InsuredRow = components["schemas"]["InsuredRow"];

export const INSURED_SORTS = [
  "name",
  "-name",
  "city",
  "-city",
  "next_expiration",
  "-next_expiration",
] as const;

export interface InsuredsFilter {
  readonly q?: string;
  readonly state?: string;
  readonly sort?: (typeof INSURED_SORTS)[number];
}

export interface InsuredsTableProps {
  readonly filter: InsuredsFilter;
  /** What was chosen; an empty text is no filter. */
  readonly onFilter: (filter: Partial<Record<keyof InsuredsFilter, string>>) => void;
}

function sortOf(word: InsuredsFilter["sort"]): Sort {
  const text = word ?? "name";
  return { id: text.replace("-", ""), desc: text.startsWith("-") };
}

/** All insureds of the agency; what is searched, filtered and sorted stands in the address. */
export function InsuredsTable({ filter, onFilter }: InsuredsTableProps) {
  const t = useMessages();
  const may = useMay();
  const format = useFormat();
  const navigate = useNavigate();
  const { q, state, sort } = filter;
  const list = api.useInfiniteQuery(
    "get",
    "/v1/insureds",
    {
      params: {
        query: {
          limit: 50,
          sort: sort ?? "name",
          ...(q === undefined ? {} : { q }),
          ...(state === undefined ? {} : { state }),
        },
      },
    },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const filtered = q !== undefined || state !== undefined;

  const columns = useMemo(
    (): readonly Column<InsuredRow>[] => [
      {
        id: "name",
        header: t.insureds.name,
        sortable: true,
        phone: "title",
        cell: (row) => (
          <Link {...paths.insured(row.id)} className={classes.name}>
            {row.name}
            {row.dba ? <span className={classes.dba}> {t.insureds.dbaOf(row.dba)}</span> : null}
          </Link>
        ),
      },
      {
        id: "trade",
        header: t.insureds.trade,
        width: "17%",
        phone: "hidden",
        cell: (row) => row.trade ?? "",
      },
      {
        id: "city",
        header: t.insureds.city,
        sortable: true,
        width: "16%",
        phone: "bare",
        cell: (row) => [row.city, row.state].filter(Boolean).join(", "),
      },
      {
        id: "policies",
        header: t.insureds.policies,
        width: "84px",
        align: "right",
        phone: "hidden",
        cell: (row) => format.number(row.policy_count),
      },
      {
        id: "next_expiration",
        header: t.insureds.nextExpiration,
        sortable: true,
        width: "214px",
        cell: (row) => <Expiry date={row.next_expiration_on} />,
      },
      {
        id: "portal",
        header: t.insureds.portal,
        width: "120px",
        cell: (row) => <PortalBadge state={row.portal_state} />,
      },
    ],
    [t, format],
  );

  return (
    <>
      <div className={classes.tools} role="search">
        <SearchField
          label={t.insureds.search}
          placeholder={t.insureds.searchHint}
          value={q ?? ""}
          onSearch={(text) => onFilter({ ...filter, q: text })}
        />
        <Select
          aria-label={t.insureds.anyState}
          placeholder={t.insureds.anyState}
          data={STATES.map(([value, label]) => ({ value, label }))}
          value={state ?? null}
          onChange={(next) => onFilter({ ...filter, state: next ?? "" })}
          searchable
          clearable
          w={180}
        />
        {filtered ? (
          <Button variant="subtle" color="gray" onClick={() => onFilter({})}>
            {t.clearFilters}
          </Button>
        ) : null}
      </div>
      <DataTable
        label={t.insureds.title}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        sort={sortOf(sort)}
        onSort={(next) => {
          onFilter({ ...filter, sort: next.desc ? `-${next.id}` : next.id });
        }}
        onOpen={(row) => void navigate(paths.insured(row.id))}
        stale={list.isPlaceholderData}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={
          filtered ? (
            <EmptyState
              title={t.insureds.noMatch}
              action={
                <Button variant="default" onClick={() => onFilter({})}>
                  {t.clearFilters}
                </Button>
              }
            >
              {t.insureds.noMatchText}
            </EmptyState>
          ) : (
            <EmptyState
              title={t.insureds.none}
              action={
                <>
                  {may("edit_insureds") ? (
                    <LinkButton {...paths.newInsured()}>{t.insureds.add}</LinkButton>
                  ) : null}
                  {may("run_imports") ? (
                    <LinkButton {...paths.newImport()} variant="default">
                      {t.imports.start}
                    </LinkButton>
                  ) : null}
                </>
              }
            >
              {t.insureds.noneText}
            </EmptyState>
          )
        }
      />
    </>
  );
}
