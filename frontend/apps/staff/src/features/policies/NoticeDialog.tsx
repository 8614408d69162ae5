import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, byCursor, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Checkbox, Input, Skeleton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { mayBeTold } from "./may-be-told";
import classes from "./NoticeDialog.module.css";
import { NoticePreview } from "./NoticePreview";

type PolicyHolder = components["schemas"]["PolicyHolder"];

export interface NoticeDialogProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly onClose: () => void;
}

/** Chooses who is told, shows the very words, and mails them. */
export function NoticeDialog({ record, onClose }: NoticeDialogProps) {
  const t = useMessages();
  const n = t.notices;
  const format = useFormat();
  const cache = useQueryClient();
  const id = useId();
  const [intent] = useState(() => new Intent());
  /** Null: everybody who can be told. */
  const [picked, setPicked] = useState<ReadonlySet<string> | null>(null);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/holders",
    { params: { path: { policy: record.id }, query: { limit: 200 } } },
    byCursor,
  );
  const holders = list.data?.pages.flatMap((page) => page.data);
  const reachable = (holders ?? []).filter(mayBeTold);
  const chosen = reachable.filter((holder) => picked === null || picked.has(holder.id));
  const [first] = chosen;

  function choose(holder: PolicyHolder, wanted: boolean) {
    const next = new Set(chosen.map((each) => each.id));
    if (wanted) next.add(holder.id);
    else next.delete(holder.id);
    setPicked(next);
    setMissing(false);
    setProblem(null);
  }

  async function send() {
    if (chosen.length === 0) {
      setMissing(true);
      return;
    }
    const body = { holder_ids: chosen.map((holder) => holder.id) };
    setBusy(true);
    setProblem(null);
    try {
      await client.POST("/v1/policies/{policy}/courtesy-notices", {
        params: { path: { policy: record.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/policies/{policy}", { policy: record.id });
      void invalidate(cache, "/v1/insureds/{insured}", { insured: record.insured_id });
      void invalidate(cache, "/v1/tasks");
      toastDone(n.sent(chosen.length));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      // Somebody may have told them meanwhile: the list says who.
      void list.refetch();
      setProblem(trouble);
      setBusy(false);
    }
  }

  function standing(holder: PolicyHolder): string {
    if (holder.notice && !holder.notice.reached_nobody) {
      return holder.notice.accepted_at
        ? n.told(format.ago(holder.notice.accepted_at), holder.notice.sent_by_name)
        : n.onItsWay(holder.notice.sent_by_name);
    }
    if (holder.emails.length === 0) return n.noAddress;
    const where = format.list(holder.emails);
    if (!holder.notice) return where;
    const { came_back: back } = holder.notice;
    const what =
      back.length === 0 ? n.failed : n.cameBack(format.list(back.map(({ address }) => address)));
    return `${where} · ${what}`;
  }

  return (
    <FormDialog
      opened
      size="xl"
      onClose={onClose}
      title={n.title(record.policy.number)}
      submitLabel={n.submit(chosen.length)}
      busy={busy}
      dirty={picked !== null}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={problem === null ? null : { problem, fields: problem.fields }}
    >
      <p className={classes.text}>{n.text}</p>
      {list.error !== null && holders === undefined ? (
        <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
      ) : holders === undefined ? (
        <Loading>
          <Skeleton height={120} />
        </Loading>
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
                onClick={() => {
                  setPicked(chosen.length === reachable.length ? new Set() : null);
                  setMissing(false);
                }}
              >
                {chosen.length === reachable.length ? n.chooseNone : n.chooseAll(reachable.length)}
              </Button>
            )}
          </div>
          <ul className={classes.options}>
            {holders.map((holder) => (
              <li key={holder.id}>
                <Checkbox
                  label={holder.name}
                  description={`${standing(holder)} · ${n.certificates(holder.certificate_count)}`}
                  checked={chosen.some((each) => each.id === holder.id)}
                  disabled={!mayBeTold(holder)}
                  onChange={(event) => choose(holder, event.currentTarget.checked)}
                />
              </li>
            ))}
          </ul>
          {list.hasNextPage ? (
            <Button
              variant="subtle"
              size="compact-sm"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {n.more}
            </Button>
          ) : null}
          {missing ? <Input.Error role="alert">{n.nobodyChosen}</Input.Error> : null}
        </section>
      )}
      {holders === undefined || holders.length === 0 ? null : first === undefined ? (
        <p className={classes.text}>{reachable.length === 0 ? n.allTold : n.chooseFirst}</p>
      ) : (
        <NoticePreview policy={record.id} holder={first} />
      )}
    </FormDialog>
  );
}
