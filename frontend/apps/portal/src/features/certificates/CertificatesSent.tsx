import "../../kit/fields.css";
import { usePolling } from "@countersign/api/polling";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { SearchField } from "@countersign/ui/SearchField";
import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { keepPreviousData } from "@tanstack/react-query";
import { CertificateLines } from "../../CertificateLines";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useAccess, useInsured } from "../../session";
import classes from "./CertificatesSent.module.css";
import { RowMenu } from "./RowMenu";

export interface CertificatesSentProps {
  readonly holder: string;
  readonly onSearch: (holder: string) => void;
}

/** Every certificate issued for the insured, whoever sent it, the latest first. */
export function CertificatesSent({ holder, onSearch }: CertificatesSentProps) {
  const t = useMessages();
  const insured = useInsured();
  const access = useAccess();
  const every = usePolling();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    api.useInfiniteQuery(
      "get",
      "/v1/insureds/{insured}/certificates",
      {
        params: {
          path: { insured: insured.id },
          query: holder === "" ? {} : { holder_contains: holder },
        },
      },
      {
        ...byCursor,
        placeholderData: keepPreviousData,
        refetchInterval: (query) =>
          every(
            query.state.data?.pages.flatMap((page) => page.data.map((row) => row.delivery)) ?? [],
            4_000,
          ),
      },
    );
  // Whom the agency did not open this to finds no page here, as with every other one.
  if (isProblem(error, "forbidden")) throw error;
  const rows = data?.pages.flatMap((page) => page.data);
  return (
    <>
      <div className={classes.search}>
        <SearchField label={t.certificates.search} value={holder} onSearch={onSearch} />
      </div>
      {problem === null ? null : <ProblemAlert problem={problem} />}
      {error !== null && rows === undefined ? (
        <ProblemAlert problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : null}
      {rows === undefined && error === null ? (
        <Loading>
          <Skeleton height={62} mb={10} />
          <Skeleton height={62} mb={10} />
          <Skeleton height={62} />
        </Loading>
      ) : null}
      {rows?.length === 0 && holder !== "" ? (
        <EmptyState
          title={t.certificates.noMatch(holder)}
          action={
            <Button variant="default" onClick={() => onSearch("")}>
              {t.certificates.clear}
            </Button>
          }
        >
          {t.certificates.noMatchText}
        </EmptyState>
      ) : null}
      {rows?.length === 0 && holder === "" ? (
        <EmptyState
          title={t.certificates.none}
          action={
            access.send ? (
              <LinkButton {...paths.send()} size="lg">
                {t.send.title}
              </LinkButton>
            ) : null
          }
        >
          {t.certificates.noneText}
        </EmptyState>
      ) : null}
      {rows !== undefined && rows.length > 0 ? (
        <CertificateLines
          label={t.certificates.title}
          rows={rows}
          actions={(row) => <RowMenu row={row} onProblem={setProblem} />}
        />
      ) : null}
      {hasNextPage ? (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t.certificates.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}
