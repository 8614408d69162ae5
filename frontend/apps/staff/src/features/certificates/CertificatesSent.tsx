import { client } from "@countersign/api/client";
import { usePolling } from "@countersign/api/polling";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { DateRangeField } from "@countersign/ui/DateRangeField";
import { EmptyState } from "@countersign/ui/EmptyState";
import { NOTHING } from "@countersign/ui/format";
import { SearchField } from "@countersign/ui/SearchField";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select } from "@mantine/core";
import { IconDownload, IconFilterOff, IconX } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import {
  CERTIFICATE_SOURCES,
  CERTIFICATE_STATES,
  type CertificatesFilter,
  certificatesQuery,
} from "../../certificates-filter";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useExport } from "../../use-export";
import { CertificateDialogs } from "./CertificateDialogs";
import classes from "./CertificatesSent.module.css";
import { CertificateStanding } from "./CertificateStanding";
import { DeliveryBadge } from "../../DeliveryBadge";
import { RowActions, type RowDialog } from "./RowActions";

type CertificateRow = components["schemas"]["CertificateRow"];

export interface CertificatesSentProps {
  /** Whose certificates; null for the whole agency. */
  readonly insured: string | null;
  readonly filter: CertificatesFilter;
  /** What was chosen; an empty text is no filter. */
  readonly onFilter: (filter: Partial<Record<keyof CertificatesFilter, string>>) => void;
  /** The master certificates to filter by, where there are any to choose from. */
  readonly masters?: readonly { readonly id: string; readonly name: string }[];
  /** What starts a sending, beside the filters. */
  readonly send?: ReactNode;
}

function daysBefore(today: string, days: number): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

function useRows(insured: string | null, filter: CertificatesFilter, today: string) {
  const poll = usePolling();
  const query = { limit: 50, ...certificatesQuery(filter, today) };
  // While a mail is on its way the log follows it.
  const refetchInterval = (at: {
    state: { data: { pages: { data: CertificateRow[] }[] } | undefined };
  }) =>
    poll(
      (at.state.data?.pages ?? []).flatMap((page) => page.data.map((row) => row.delivery)),
      3_000,
    );
  const options = { ...byCursor, placeholderData: keepPreviousData, refetchInterval };
  const ofInsured = api.useInfiniteQuery(
    "get",
    "/v1/insureds/{insured}/certificates",
    { params: { path: { insured: insured ?? "" }, query } },
    { ...options, enabled: insured !== null },
  );
  const ofAgency = api.useInfiniteQuery(
    "get",
    "/v1/certificates",
    { params: { query } },
    { ...options, enabled: insured === null },
  );
  return insured === null ? ofAgency : ofInsured;
}

/** The log of certificates, newest first: who got what, when, from which master, and whether the mail arrived. */
export function CertificatesSent({
  insured,
  filter,
  onFilter,
  masters = [],
  send,
}: CertificatesSentProps) {
  const t = useMessages();
  const format = useFormat();
  const navigate = useNavigate();
  const [open, setOpen] = useState<{ dialog: RowDialog; row: CertificateRow } | null>(null);
  const today = format.today();
  const list = useRows(insured, filter, today);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const exporting = useExport(`certificates-sent-${today}.csv`, async () => {
    const query = certificatesQuery(filter, today);
    const { data } =
      insured === null
        ? await client.GET("/v1/certificates/export", { params: { query }, parseAs: "blob" })
        : await client.GET("/v1/insureds/{insured}/certificates/export", {
            params: { path: { insured }, query },
            parseAs: "blob",
          });
    return data;
  });

  const columns = useMemo((): readonly Column<CertificateRow>[] => {
    const all: (Column<CertificateRow> | null)[] = [
      {
        id: "actions",
        header: t.actions,
        quietHeader: true,
        width: "40px",
        phone: "actions",
        cell: (row) => <RowActions row={row} onOpen={(dialog) => setOpen({ dialog, row })} />,
      },
      {
        id: "holder",
        header: t.certificates.holder,
        width: insured === null ? "16%" : "20%",
        wraps: true,
        phone: "title",
        cell: (row) => (
          <Link {...paths.certificate(row.id)} className={classes.name} title={row.holder_name}>
            {row.holder_name}
          </Link>
        ),
      },
      insured === null
        ? {
            id: "insured",
            header: t.certificates.insured,
            width: "14%",
            wraps: true,
            phone: "bare",
            cell: (row) => (
              <Link {...paths.insured(row.insured_id)} className={classes.plain}>
                {row.insured_name}
              </Link>
            ),
          }
        : null,
      {
        id: "number",
        header: t.certificates.numberAndRevision,
        width: "100px",
        wraps: true,
        cell: (row) => (
          <span className={classes.number}>
            {row.number}
            {row.supersedes ? (
              <Link
                {...paths.certificate(row.supersedes)}
                className={classes.revision}
                title={t.certificates.takesPlaceOf(row.revision - 1)}
              >
                {t.certificates.shortRevision(row.revision)}
              </Link>
            ) : null}
          </span>
        ),
      },
      {
        id: "issued",
        header: t.certificates.issued,
        width: "104px",
        cell: (row) => (
          <time
            dateTime={row.issued_at}
            title={t.certificates.issuedBy(
              format.moment(row.issued_at),
              row.sent_by_name,
              row.source,
            )}
          >
            {format.date(row.issued_on)}
          </time>
        ),
      },
      {
        id: "master",
        header: t.certificates.master,
        width: insured === null ? "11%" : "12%",
        wraps: true,
        cell: (row) => (
          <Link {...paths.master(row.insured_id, row.master.id)} className={classes.plain}>
            {row.master.name}
          </Link>
        ),
      },
      {
        id: "description",
        header: t.certificates.description,
        wraps: true,
        phone: "line",
        cell: (row) => (
          <span
            className={`${classes.soft} ${classes.text}`}
            title={row.description_of_operations ?? ""}
          >
            {row.description_of_operations ?? NOTHING}
          </span>
        ),
      },
      insured === null
        ? null
        : {
            id: "email",
            header: t.certificates.byEmail,
            width: "74px",
            phone: "line",
            cell: (row) => (row.delivery?.sent_by_email ? t.yes : t.no),
          },
      {
        id: "delivery",
        header: t.certificates.delivery,
        width: "150px",
        wraps: true,
        phone: "bare",
        cell: (row) =>
          row.state === "issued" ? (
            <>
              <span title={row.delivery?.last_error ?? format.list(row.delivery?.to ?? [])}>
                <DeliveryBadge delivery={row.delivery ?? null} at={row.delivery?.at ?? null} />
              </span>
              {row.cover_ends_on <= today ? (
                <span className={classes.ended}>
                  <CertificateStanding row={row} />
                </span>
              ) : null}
            </>
          ) : (
            <CertificateStanding row={row} />
          ),
      },
    ];
    return all.filter((column) => column !== null);
  }, [t, format, insured, today]);

  return (
    <>
      <div
        className={classes.tools}
        data-tight={send !== undefined || filter.batch !== undefined || undefined}
        role="search"
      >
        <SearchField
          label={t.certificates.searchHolder}
          value={filter.holder ?? ""}
          onSearch={(holder) => onFilter({ ...filter, holder })}
        />
        <DateRangeField
          label={t.certificates.issuedBetween}
          value={{ from: filter.from ?? null, to: filter.to ?? null }}
          onChange={({ from, to }) => onFilter({ ...filter, from: from ?? "", to: to ?? "" })}
          presets={[
            { label: t.certificates.today, range: { from: today, to: today } },
            { label: t.certificates.last7, range: { from: daysBefore(today, 6), to: today } },
            { label: t.certificates.last30, range: { from: daysBefore(today, 29), to: today } },
            {
              label: t.certificates.thisYear,
              range: { from: `${today.slice(0, 4)}-01-01`, to: today },
            },
          ]}
          width={238}
        />
        {masters.length === 0 ? null : (
          <Select
            aria-label={t.certificates.anyMaster}
            placeholder={t.certificates.anyMaster}
            data={masters.map(({ id, name }) => ({ value: id, label: name }))}
            value={filter.master ?? null}
            onChange={(master) => onFilter({ ...filter, master: master ?? "" })}
            clearable
            w={126}
          />
        )}
        <Select
          aria-label={t.certificates.anyState}
          placeholder={t.certificates.anyState}
          data={CERTIFICATE_STATES.map((value) => ({
            value,
            label: value === "ended" ? t.certificates.ended : t.certificates.states[value],
          }))}
          value={filter.state ?? null}
          onChange={(state) => onFilter({ ...filter, state: state ?? "" })}
          clearable
          w={118}
        />
        <SearchField
          label={t.certificates.searchSender}
          value={filter.sender ?? ""}
          onSearch={(sender) => onFilter({ ...filter, sender })}
        />
        <Select
          aria-label={t.certificates.anySource}
          placeholder={t.certificates.anySource}
          data={CERTIFICATE_SOURCES.map((value) => ({
            value,
            label: t.certificates.sources[value],
          }))}
          value={filter.source ?? null}
          onChange={(source) => onFilter({ ...filter, source: source ?? "" })}
          clearable
          w={128}
        />
        {filter.batch === undefined ? null : (
          <Button
            variant="light"
            rightSection={<IconX size={14} />}
            aria-label={`${t.batches.filterChip}. ${t.batches.filterOff}`}
            onClick={() => onFilter({ ...filter, batch: "" })}
          >
            {t.batches.filterChip}
          </Button>
        )}
        {filtered ? (
          <Button
            className={classes.brief ?? ""}
            variant="subtle"
            color="gray"
            title={t.clearFilters}
            onClick={() => onFilter({})}
          >
            <IconFilterOff size={15} aria-hidden />
            <span className={classes.word}>{t.clearFilters}</span>
          </Button>
        ) : null}
        <span className={classes.send}>
          <Button
            className={classes.brief ?? ""}
            variant="default"
            title={t.exportCsv}
            loading={exporting.busy}
            onClick={exporting.start}
          >
            <IconDownload size={15} aria-hidden />
            <span className={classes.word}>{t.exportCsv}</span>
          </Button>
          {send}
        </span>
      </div>
      <DataTable
        label={t.certificates.sent}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        onOpen={(row) => void navigate(paths.certificate(row.id))}
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
              title={t.certificates.noMatch}
              action={
                <Button variant="default" onClick={() => onFilter({})}>
                  {t.clearFilters}
                </Button>
              }
            >
              {t.certificates.noMatchText}
            </EmptyState>
          ) : (
            <EmptyState title={t.certificates.none}>{t.certificates.noneText}</EmptyState>
          )
        }
      />
      <CertificateDialogs open={open} onClose={() => setOpen(null)} />
    </>
  );
}
