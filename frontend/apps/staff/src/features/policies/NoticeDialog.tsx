import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone } from "@countersign/ui/toast";
import { Button, Input, Skeleton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useId, useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { mayBeTold } from "./may-be-told";
import { noticeCounts, partsOf, untoldFirst } from "./notice-parts";
import classes from "./NoticeDialog.module.css";
import { NoticeHolders } from "./NoticeHolders";
import { NoticePreview } from "./NoticePreview";
import { usePolicyHolders } from "./use-policy-holders";

export interface NoticeDialogProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly onClose: () => void;
}

/** Chooses who is told, shows the very words, and mails them. */
export function NoticeDialog({ record, onClose }: NoticeDialogProps) {
  const t = useMessages();
  const n = t.notices;
  const cache = useQueryClient();
  const id = useId();
  const [intent] = useState(() => new Intent());
  /** Who was left out of those who can be told; everybody else of them is chosen. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  /** How many of how many are sent to; null while nothing is being sent. */
  const [progress, setProgress] = useState<{ readonly sent: number; readonly all: number } | null>(
    null,
  );
  const list = usePolicyHolders(record.id);
  const holders = useMemo(() => untoldFirst(list.holders), [list.holders]);
  const reachable = useMemo(() => holders.filter(mayBeTold), [holders]);
  const chosen = useMemo(() => reachable.filter((each) => !left.has(each.id)), [reachable, left]);
  const chosenIds = useMemo(() => new Set(chosen.map((each) => each.id)), [chosen]);
  const [first] = chosen;

  const choose = useCallback((holder: string, wanted: boolean) => {
    setLeft((last) => {
      const next = new Set(last);
      if (wanted) next.delete(holder);
      else next.add(holder);
      return next;
    });
    setMissing(false);
    setProblem(null);
  }, []);

  async function send() {
    if (chosen.length === 0) {
      setMissing(true);
      return;
    }
    const all = chosen.length;
    let sent = 0;
    setProblem(null);
    setProgress({ sent, all });
    try {
      for (const part of partsOf(chosen.map((holder) => holder.id))) {
        const body = { holder_ids: part };
        await client.POST("/v1/policies/{policy}/courtesy-notices", {
          params: { path: { policy: record.id } },
          headers: { "Idempotency-Key": intent.key(body) },
          body,
        });
        intent.settle();
        sent += part.length;
        setProgress({ sent, all });
      }
      refreshAround();
      toastDone(n.sent(all));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      // What went out before stays sent, and somebody else may have told some meanwhile: the list says who.
      if (sent > 0) {
        refreshAround();
        toastDone(n.sent(sent));
      }
      await list.readAnew();
      setProblem(trouble);
      setProgress(null);
    }
  }

  function refreshAround() {
    void invalidate(cache, "/v1/policies/{policy}", { policy: record.id });
    void invalidate(cache, "/v1/insureds/{insured}", { insured: record.insured_id });
    void invalidate(cache, "/v1/tasks");
  }

  return (
    <FormDialog
      opened
      size="xl"
      onClose={onClose}
      title={n.title(record.policy.number)}
      submitLabel={n.submit(list.complete ? chosen.length : 0)}
      busy={progress !== null}
      disabled={!list.settled}
      dirty={left.size > 0}
      onSubmit={(event) => {
        event.preventDefault();
        if (list.settled) void send();
      }}
      problem={problem === null ? null : { problem, fields: problem.fields }}
    >
      <p className={classes.text}>{n.text}</p>
      {list.problem !== null ? (
        <ProblemAlert problem={list.problem} onRetry={list.onRetry} />
      ) : !list.complete ? (
        <>
          {holders.length === 0 ? null : (
            <p className={classes.text} role="status">
              {n.reading(holders.length)}
            </p>
          )}
          <Loading>
            <Skeleton height={120} />
          </Loading>
        </>
      ) : holders.length === 0 ? (
        <p className={classes.text}>{n.nobody}</p>
      ) : (
        <section aria-labelledby={id}>
          <div className={classes.head}>
            <h3 id={id} className={classes.title}>
              {n.holders}
            </h3>
            {reachable.length < 2 ? null : (
              <Button
                variant="default"
                size="compact-sm"
                disabled={progress !== null}
                onClick={() => {
                  setLeft(
                    new Set(
                      chosen.length === reachable.length ? reachable.map((each) => each.id) : [],
                    ),
                  );
                  setMissing(false);
                }}
              >
                {chosen.length === reachable.length ? n.chooseNone : n.chooseAll(reachable.length)}
              </Button>
            )}
          </div>
          <p className={classes.counts}>{n.counts(noticeCounts(holders))}</p>
          <NoticeHolders
            holders={holders}
            chosen={chosenIds}
            onChoose={choose}
            disabled={progress !== null}
          />
          {missing ? <Input.Error role="alert">{n.nobodyChosen}</Input.Error> : null}
        </section>
      )}
      {!list.complete || holders.length === 0 ? null : first === undefined ? (
        <p className={classes.text}>{reachable.length === 0 ? n.allTold : n.chooseFirst}</p>
      ) : (
        <NoticePreview policy={record.id} holder={first} />
      )}
      {progress === null || progress.all === progress.sent ? null : (
        <p className={classes.sending} role="status">
          {n.sending(progress.sent, progress.all)}
        </p>
      )}
    </FormDialog>
  );
}
