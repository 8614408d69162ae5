import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type ActivityFilter,
  activityQuery,
  CERTIFICATE_ACT_KINDS,
  isFiltered,
} from "../../activity-filter";
import { useMessages } from "../../messages/MessagesProvider";
import { ActivityList } from "./ActivityList";
import { ActivityTools } from "./ActivityTools";
import { NoActivity } from "./NoActivity";

export interface CertificateActivityProps {
  readonly certificate: Pick<components["schemas"]["Certificate"], "id" | "number">;
  readonly filter: ActivityFilter;
  /** What was chosen; an empty text is no filter. */
  readonly onFilter: (filter: Partial<Record<keyof ActivityFilter, string>>) => void;
}

/**
 * Who issued, looked at, saved, resent or withdrew a certificate, and when; newest first, by kind and dates, and as a
 * file.
 */
export function CertificateActivity({ certificate, filter, onFilter }: CertificateActivityProps) {
  const t = useMessages();
  const words = useWords();
  const query = activityQuery(filter);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/certificates/{certificate}/activity",
    { params: { path: { certificate: certificate.id }, query: { limit: 20, ...query } } },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  return (
    <Section title={t.insureds.tabs.activity}>
      <ActivityTools
        kinds={CERTIFICATE_ACT_KINDS}
        filter={filter}
        onFilter={onFilter}
        fileName={`activity-history-${certificate.number}`}
        fetchFile={async () => {
          const { data } = await client.GET("/v1/certificates/{certificate}/activity/export", {
            params: { path: { certificate: certificate.id }, query },
            parseAs: "blob",
          });
          return data;
        }}
        narrow
      />
      {list.data === undefined && list.error === null ? (
        <Loading>
          <Skeleton height={120} />
        </Loading>
      ) : null}
      {list.data !== undefined && entries.length === 0 && isFiltered(filter) ? (
        <NoActivity onClear={() => onFilter({})} />
      ) : null}
      <ActivityList entries={entries} insured={null} level={3} />
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
    </Section>
  );
}
