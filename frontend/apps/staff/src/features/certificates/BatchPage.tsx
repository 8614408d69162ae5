import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Progress } from "@mantine/core";
import {
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useExport } from "../../use-export";
import classes from "./BatchPage.module.css";
import { BatchRows } from "./BatchRows";
import { BatchStateBadge } from "./BatchStateBadge";
import { hasEnded, useBatch } from "./use-batch";

type Act = "pause" | "resume" | "cancel" | "retry";

const ROUTES = {
  pause: "/v1/batches/{batch}/pause",
  resume: "/v1/batches/{batch}/resume",
  cancel: "/v1/batches/{batch}/cancel",
  retry: "/v1/batches/{batch}/retry",
} as const;

export interface BatchPageProps {
  readonly id: string;
}

/** A sending to many holders from its start to its end: how far it is, each row's own result, and its rudder. */
export function BatchPage({ id }: BatchPageProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const { batch, pace } = useBatch(id);
  const [busy, setBusy] = useState<Act | null>(null);
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<{ act: Act; problem: ProblemError } | null>(null);
  const params = { path: { batch: id } };
  const day = format.today(Date.parse(batch.created_at));
  const zip = useExport(t.batches.fileName(batch.insured_name, day, "zip"), async () => {
    const { data } = await client.GET("/v1/batches/{batch}/zip", { params, parseAs: "blob" });
    return data;
  });
  const pdf = useExport(t.batches.fileName(batch.insured_name, day, "pdf"), async () => {
    const { data } = await client.GET("/v1/batches/{batch}/pdf", { params, parseAs: "blob" });
    return data;
  });

  async function act(which: Act) {
    setBusy(which);
    setRefused(null);
    try {
      await client.POST(ROUTES[which], { params });
      setAsking(false);
    } catch (thrown) {
      setRefused({ act: which, problem: problemOf(thrown) });
    } finally {
      // It may have happened all the same, here or elsewhere.
      await invalidate(cache, "/v1/batches/{batch}", { batch: id });
      void invalidate(cache, "/v1/batches");
      setBusy(null);
    }
  }

  const { counts, state } = batch;
  const done = counts.total - counts.waiting;
  const share = (rows: number) => (counts.total === 0 ? 0 : (rows / counts.total) * 100);
  const may = (word: string) => batch.may.includes(word);
  // Pressed in the moment in which the last row went out: that it has ended is told above, and is no trouble.
  const problem = refused !== null && may(refused.act) ? refused.problem : null;
  const when = format.moment(batch.state_changed_at);
  const told =
    state === "paused"
      ? t.batches.pausedBy(when, batch.state_changed_by_name)
      : state === "cancelled"
        ? t.batches.cancelledBy(when, batch.state_changed_by_name)
        : state === "finished"
          ? t.batches.finishedAt(when)
          : t.batches.goesOn;
  const icon = { size: 15, stroke: 1.8 };
  // Rows that nobody will send any more are settled, but they are no progress.
  const far =
    state === "cancelled"
      ? t.batches.calledOffAfter(
          format.number(counts.issued),
          format.number(counts.total),
          format.number(counts.not_sent),
        )
      : t.batches.progress(format.number(done), format.number(counts.total));
  const label = `${t.batches.states[state]}: ${far}`;

  return (
    <div className={classes.page}>
      <p className={classes.line}>
        <BatchStateBadge batch={batch} />
        <span className={classes.soft}>
          {t.batches.startedBy(format.moment(batch.created_at), batch.started_by_name)}
        </span>
        <span className={classes.soft}>{t.channels.ofBatch[batch.channel ?? "each"]}</span>
        <span className={classes.soft}>{told}</span>
      </p>
      {batch.halted_reason ? (
        <div className={classes.halted} role="note">
          <h2>{t.batches.halted}</h2>
          <p>{batch.halted_reason}</p>
          <p>{t.batches.haltedFix}</p>
        </div>
      ) : null}
      <div className={classes.progress}>
        <Progress.Root size="lg">
          <Progress.Section value={share(counts.issued)} color="seal" aria-label={label} />
          <Progress.Section
            value={share(counts.set_aside + counts.failed)}
            color="red"
            aria-hidden
            withAria={false}
          />
        </Progress.Root>
        <p className={classes.counts} role="status">
          <span>{far}</span>
          {state === "running" && pace !== null && counts.waiting > 0 ? (
            <span aria-hidden>{t.batches.pace(pace, counts.waiting / pace)}</span>
          ) : null}
          {(["issued", "set_aside", "failed", "not_sent", "waiting"] as const)
            .filter((each) => counts[each] > 0)
            .map((each) => (
              <span key={each}>
                {t.batches.rowStates[each]} {format.number(counts[each])}
              </span>
            ))}
        </p>
      </div>
      {problem === null || asking ? null : <ProblemAlert problem={problem} />}
      <div className={classes.acts}>
        {may("pause") ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPause {...icon} />}
            loading={busy === "pause"}
            onClick={() => void act("pause")}
          >
            {t.batches.pause}
          </Button>
        ) : null}
        {may("resume") ? (
          <Button
            leftSection={<IconPlayerPlay {...icon} />}
            loading={busy === "resume"}
            onClick={() => void act("resume")}
          >
            {t.batches.resume}
          </Button>
        ) : null}
        {may("cancel") ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop {...icon} />}
            onClick={() => {
              setRefused(null);
              setAsking(true);
            }}
          >
            {t.batches.cancelRest}
          </Button>
        ) : null}
        {may("retry") ? (
          <Button
            leftSection={<IconRefresh {...icon} />}
            loading={busy === "retry"}
            onClick={() => void act("retry")}
          >
            {t.batches.retry(counts.failed + counts.set_aside)}
          </Button>
        ) : null}
        {may("download") ? (
          <>
            <Button
              variant="default"
              leftSection={<IconDownload {...icon} />}
              loading={zip.busy}
              onClick={zip.start}
            >
              {t.batches.downloadZip}
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload {...icon} />}
              loading={pdf.busy}
              onClick={pdf.start}
            >
              {t.batches.downloadPdf}
            </Button>
          </>
        ) : null}
        {counts.issued > 0 ? (
          <LinkButton {...paths.certificates({ batch: id })} variant="subtle" color="gray">
            {t.batches.inLog}
          </LinkButton>
        ) : null}
      </div>
      <BatchRows id={id} ended={hasEnded(batch)} />
      <ConfirmDialog
        opened={asking}
        onClose={() => {
          setAsking(false);
          setRefused(null);
        }}
        onConfirm={() => void act("cancel")}
        title={t.batches.cancelTitle}
        confirmLabel={t.batches.cancelRest}
        danger
        busy={busy === "cancel"}
        problem={refused}
      >
        {state === "paused" ? t.batches.cancelPausedText(counts.waiting) : t.batches.cancelText}
      </ConfirmDialog>
    </div>
  );
}
