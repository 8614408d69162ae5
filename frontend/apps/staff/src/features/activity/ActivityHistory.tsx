import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import { DateRangeField } from "@countersign/ui/DateRangeField";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat, useWords } from "@countersign/ui/UiProvider";
import { Button, Select, Skeleton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { ACT_KINDS, type ActivityFilter, activityQuery } from "../../activity-filter";
import { useMessages } from "../../messages/MessagesProvider";
import { useExport } from "../../use-export";
import classes from "./ActivityHistory.module.css";
import { ActivityList } from "./ActivityList";

export interface ActivityHistoryProps {
  readonly insured: string;
  readonly filter: ActivityFilter;
  /** What was chosen; an empty text is no filter. */
  readonly onFilter: (filter: Partial<Record<keyof ActivityFilter, string>>) => void;
}

/** Who did what for an insured and when, newest first, by day; by kind and dates, and as a file. */
export function ActivityHistory({ insured, filter, onFilter }: ActivityHistoryProps) {
  const t = useMessages();
  const words = useWords();
  const format = useFormat();
  const query = activityQuery(filter);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/insureds/{insured}/activity",
    { params: { path: { insured }, query: { limit: 50, ...query } } },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const today = format.today();
  const exporting = useExport(`activity-history-${today}.csv`, async () => {
    const { data } = await client.GET("/v1/insureds/{insured}/activity/export", {
      params: { path: { insured }, query },
      parseAs: "blob",
    });
    return data;
  });

  if (list.data !== undefined && entries.length === 0 && !filtered) {
    return <EmptyState title={t.activity.none}>{t.activity.noneText}</EmptyState>;
  }
  // The filters keep one place in the tree whatever stands below them: at another they would be built anew, and a list
  // that is open would close under whoever is choosing from it.
  return (
    <div className={classes.history}>
      <div className={classes.tools} role="search">
        <Select
          aria-label={t.activity.anyKind}
          placeholder={t.activity.anyKind}
          data={ACT_KINDS.map((value) => ({ value, label: t.activity.kinds[value] }))}
          value={filter.kind ?? null}
          onChange={(kind) => onFilter({ ...filter, kind: kind ?? "" })}
          clearable
          w={220}
        />
        <DateRangeField
          label={t.activity.doneBetween}
          value={{ from: filter.from ?? null, to: filter.to ?? null }}
          onChange={({ from, to }) => onFilter({ ...filter, from: from ?? "", to: to ?? "" })}
          presets={[{ label: t.certificates.today, range: { from: today, to: today } }]}
          width={240}
        />
        {filtered ? (
          <Button variant="subtle" color="gray" onClick={() => onFilter({})}>
            {t.clearFilters}
          </Button>
        ) : null}
        <Button
          className={classes.export ?? ""}
          variant="default"
          leftSection={<IconDownload size={15} />}
          loading={exporting.busy}
          onClick={exporting.start}
        >
          {t.exportCsv}
        </Button>
      </div>
      {list.data === undefined && list.error === null ? (
        <Loading>
          <Skeleton height={240} />
        </Loading>
      ) : null}
      {list.data !== undefined && entries.length === 0 ? (
        <EmptyState
          title={t.activity.noMatch}
          action={
            <Button variant="default" onClick={() => onFilter({})}>
              {t.clearFilters}
            </Button>
          }
        >
          {t.activity.noMatchText}
        </EmptyState>
      ) : null}
      <ActivityList entries={entries} insured={insured} level={2} />
      {list.error === null ? null : (
        <ProblemAlert
          problem={problemOf(list.error)}
          onRetry={() => void (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch())}
        />
      )}
      {list.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {words.showMore}
        </Button>
      ) : null}
    </div>
  );
}
