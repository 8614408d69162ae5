import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat, useWords } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./PolicyPage.module.css";

export interface PolicyHistoryProps {
  readonly policy: string;
}

/** Who changed what on the policy, the newest first, with the values before and after. */
export function PolicyHistory({ policy }: PolicyHistoryProps) {
  const t = useMessages();
  const words = useWords();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/history",
    { params: { path: { policy }, query: { limit: 20 } } },
    byCursor,
  );
  if (list.data === undefined) {
    return list.error === null ? (
      <Loading>
        <Skeleton height={90} />
      </Loading>
    ) : (
      <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
    );
  }
  const changes = list.data.pages.flatMap((page) => page.data);
  if (changes.length === 0) return <p className={classes.soft}>{t.policies.noHistory}</p>;
  return (
    <>
      <ol className={classes.history}>
        {changes.map((change) => (
          <li key={change.id}>
            <p className={classes.act}>
              <span className={classes.strong}>{change.summary}</span>
              <span className={classes.soft}>
                {t.policies.by(change.actor.name, format.moment(change.at))}
              </span>
            </p>
            {change.changes.length === 0 ? null : (
              <dl className={classes.parts}>
                {change.changes.map((part) => (
                  <div key={`${part.field} ${part.label}`}>
                    <dt>{part.label}</dt>
                    <dd>
                      <span className={classes.before}>
                        {part.before ? (
                          <>
                            {part.before} <span aria-hidden>→</span>{" "}
                          </>
                        ) : null}
                      </span>
                      {part.after ?? t.policies.gone}
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
      {list.error === null ? null : (
        <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.fetchNextPage()} />
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
    </>
  );
}
