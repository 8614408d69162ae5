import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat, useWords } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./ActivityHistory.module.css";
import { aroundName } from "./around-name";

type Activity = components["schemas"]["Activity"];

export interface ActivityHistoryProps {
  readonly insured: string;
}

/** Who did what and when, newest first, by day. */
export function ActivityHistory({ insured }: ActivityHistoryProps) {
  const t = useMessages();
  const words = useWords();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/insureds/{insured}/activity",
    { params: { path: { insured }, query: { limit: 50 } } },
    byCursor,
  );
  const days = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.data) ?? [];
    return Map.groupBy(all, (entry) => format.today(Date.parse(entry.at)));
  }, [list.data, format]);

  if (list.error !== null && list.data === undefined) {
    return <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  }
  if (list.data === undefined) {
    return (
      <Loading>
        <Skeleton height={240} />
      </Loading>
    );
  }
  if (days.size === 0) {
    return <EmptyState title={t.activity.none}>{t.activity.noneText}</EmptyState>;
  }
  return (
    <div className={classes.history}>
      {[...days].map(([day, entries]) => (
        <section key={day} className={classes.day}>
          <h2 className={classes.date}>{format.longDate(day)}</h2>
          <ol className={classes.list}>
            {entries.map((entry) => (
              <li key={entry.id} className={classes.entry}>
                <time dateTime={entry.at} title={format.moment(entry.at)} className={classes.time}>
                  {format.clock(entry.at)}
                </time>
                <span className={classes.actor}>
                  {entry.actor.name}
                  <span className={classes.kind}>{t.activity.actors[entry.actor.kind]}</span>
                </span>
                <span className={classes.what}>
                  <Summary entry={entry} insured={insured} />
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
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

/** The sentence of an entry, whose name of what it speaks of leads there. */
function Summary({ entry, insured }: { entry: Activity; insured: string }) {
  const { object, summary } = entry;
  const { before, name, after } = aroundName(summary, object.label);
  if (object.kind === "certificate" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.certificate(object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  if (object.kind === "policy" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.policy(insured, object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  if (object.kind === "master" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.master(insured, object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  return summary;
}
