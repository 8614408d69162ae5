import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { ACT_KINDS, type ActivityFilter, activityQuery, isFiltered } from "../../activity-filter";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./ActivityHistory.module.css";
import { ActivityList } from "./ActivityList";
import { ActivityTools } from "./ActivityTools";
import { NoActivity } from "./NoActivity";

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
  const query = activityQuery(filter);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/insureds/{insured}/activity",
    { params: { path: { insured }, query: { limit: 50, ...query } } },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);

  if (list.data !== undefined && entries.length === 0 && !isFiltered(filter)) {
    return <EmptyState title={t.activity.none}>{t.activity.noneText}</EmptyState>;
  }
  // The filters keep one place in the tree whatever stands below them: at another they would be built anew, and a list
  // that is open would close under whoever is choosing from it.
  return (
    <div className={classes.history}>
      <ActivityTools
        kinds={ACT_KINDS}
        filter={filter}
        onFilter={onFilter}
        fileName="activity-history"
        fetchFile={async () => {
          const { data } = await client.GET("/v1/insureds/{insured}/activity/export", {
            params: { path: { insured }, query },
            parseAs: "blob",
          });
          return data;
        }}
      />
      {list.data === undefined && list.error === null ? (
        <Loading>
          <Skeleton height={240} />
        </Loading>
      ) : null}
      {list.data !== undefined && entries.length === 0 ? (
        <NoActivity onClear={() => onFilter({})} />
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
