import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { ActivityList } from "./ActivityList";

export interface CertificateActivityProps {
  readonly certificate: string;
}

/** Who issued, looked at, saved, resent or withdrew a certificate, and when; newest first. */
export function CertificateActivity({ certificate }: CertificateActivityProps) {
  const t = useMessages();
  const words = useWords();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/certificates/{certificate}/activity",
    { params: { path: { certificate }, query: { limit: 20 } } },
    byCursor,
  );
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  return (
    <Section title={t.insureds.tabs.activity}>
      {list.data === undefined && list.error === null ? (
        <Loading>
          <Skeleton height={120} />
        </Loading>
      ) : (
        <ActivityList entries={entries} insured={null} level={3} />
      )}
      {list.error === null ? null : (
        <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
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
