import "../../kit/preview.css";
import { problemOf } from "@countersign/api/problem";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ActionBar } from "../../ActionBar";
import { useMessages } from "../../messages/MessagesProvider";
import { useInsured, useSession } from "../../session";
import type { SendBody } from "./draft";
import { Findings } from "./Findings";
import { pageOf, previewQuery } from "./preview";
import classes from "./StepLook.module.css";

export interface StepLookProps {
  readonly print: Pick<SendBody, "master_id" | "holder">;
  readonly holder: string;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** The page itself, before anything is sent, and what speaks against it. */
export function StepLook({ print, holder, onBack, onNext }: StepLookProps) {
  const t = useMessages();
  const insured = useInsured();
  const { agency } = useSession();
  const { data, error, refetch, isFetching } = useQuery(previewQuery(insured.id, print));
  const page = useMemo(() => (data === undefined ? null : pageOf(data)), [data]);
  return (
    <div data-task>
      {error === null ? null : (
        <ProblemAlert problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined ? null : (
        <Findings findings={data.findings} holder={holder} agency={agency} />
      )}
      {error === null ? (
        <div className={classes.page}>
          <PdfPreview bytes={page} label={t.send.look.preview} />
        </div>
      ) : null}
      <ActionBar>
        <Button variant="default" size="lg" onClick={onBack}>
          {t.send.back}
        </Button>
        {data?.sendable === false ? (
          <Button variant="default" size="lg" loading={isFetching} onClick={() => void refetch()}>
            {t.send.look.reload}
          </Button>
        ) : (
          <Button size="lg" disabled={data === undefined} onClick={onNext}>
            {t.send.look.next}
          </Button>
        )}
      </ActionBar>
    </div>
  );
}
