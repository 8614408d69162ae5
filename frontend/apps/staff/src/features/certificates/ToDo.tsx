import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Section } from "@countersign/ui/Section";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { DismissTask } from "./DismissTask";
import { type MailBack, SettleTask } from "../../SettleTask";
import classes from "./ToDo.module.css";

type Task = components["schemas"]["Task"];

type Opened =
  | { readonly act: "settle"; readonly task: Task; readonly back: MailBack }
  | { readonly act: "dismiss"; readonly task: Task };

/** Mail that came back, answers of insureds and declined requests that nobody has settled; nothing at all where there is none. */
export function ToDo() {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const list = api.useInfiniteQuery(
    "get",
    "/v1/tasks",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo((): readonly Column<Task>[] => {
    /** An answer or a declined request was looked at: that is done with a click, and needs no reason. */
    async function see(task: Task) {
      setBusy((last) => new Set(last).add(task.id));
      const body = { reason: "" };
      try {
        await client.POST("/v1/tasks/{task}/dismiss", {
          params: { path: { task: task.id } },
          headers: { "Idempotency-Key": new Intent().key(body) },
          body,
        });
        toastDone(t.tasks.seen(t.tasks.nameOf(task.about, task.insured_name)));
      } catch (thrown) {
        toastProblem(problemOf(thrown));
      } finally {
        await invalidate(cache, "/v1/tasks");
        setBusy((last) => new Set([...last].filter((id) => id !== task.id)));
      }
    }
    return [
      {
        id: "what",
        header: t.tasks.what,
        width: "26%",
        phone: "title",
        cell: (task) => <What task={task} />,
      },
      {
        id: "from",
        header: t.tasks.from,
        width: "20%",
        cell: ({ about }) => <span className={classes.address}>{from(about)}</span>,
      },
      { id: "said", header: t.tasks.said, cell: (task) => <Said about={task.about} /> },
      {
        id: "since",
        header: t.tasks.since,
        width: "96px",
        cell: (task) => (
          <time dateTime={task.created_at} title={format.moment(task.created_at)}>
            {format.ago(task.created_at)}
          </time>
        ),
      },
      {
        id: "acts",
        header: t.actions,
        quietHeader: true,
        width: "316px",
        align: "right",
        phone: "bare",
        cell: (task) => {
          const { about } = task;
          const back = backOf(about);
          const reason = task.may.includes("dismiss") ? null : t.tasks.mayNot;
          return (
            <div className={classes.acts}>
              {back !== null ? (
                <GuardedButton
                  variant="default"
                  size="compact-sm"
                  reason={reason}
                  aria-label={t.tasks.fixOf(back)}
                  onClick={() => setOpened({ act: "settle", task, back })}
                >
                  {t.tasks.fix}
                </GuardedButton>
              ) : about.kind === "declined" ? (
                <LinkButton
                  {...paths.approval(about.approval_id)}
                  variant="default"
                  size="compact-sm"
                  aria-label={t.tasks.toRequestOf(about.holder_name)}
                >
                  {t.tasks.toRequest}
                </LinkButton>
              ) : about.kind === "question" || about.kind === "answer" ? (
                <LinkButton
                  {...paths.renewalRun(task.insured_id, { master: about.master_id })}
                  variant="default"
                  size="compact-sm"
                  aria-label={t.tasks.toRunOf(task.insured_name)}
                >
                  {t.tasks.toRun}
                </LinkButton>
              ) : null}
              {about.kind === "answer" || about.kind === "declined" ? (
                <GuardedButton
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  reason={reason}
                  loading={busy.has(task.id)}
                  aria-label={t.tasks.seeOf(t.tasks.nameOf(about, task.insured_name))}
                  onClick={() => void see(task)}
                >
                  {t.tasks.see}
                </GuardedButton>
              ) : (
                <GuardedButton
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  reason={reason}
                  aria-label={t.tasks.dismissOf(t.tasks.nameOf(about, task.insured_name))}
                  onClick={() => setOpened({ act: "dismiss", task })}
                >
                  {t.tasks.dismiss}
                </GuardedButton>
              )}
            </div>
          );
        },
      },
    ];
  }, [t, format, busy, cache]);
  const close = () => setOpened(null);
  if (list.error === null && (rows === undefined || rows.length === 0) && opened === null) {
    return null;
  }
  return (
    <Section title={t.tasks.title} note={t.tasks.note}>
      <DataTable
        label={t.tasks.title}
        columns={columns}
        rows={rows}
        rowId={(task) => task.id}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
        empty={null}
      />
      {opened?.act === "settle" ? (
        <SettleTask
          task={opened.task.id}
          insured={opened.task.insured_id}
          back={opened.back}
          onClose={close}
        />
      ) : null}
      {opened?.act === "dismiss" ? <DismissTask task={opened.task} onClose={close} /> : null}
    </Section>
  );
}

/** What goes to another address from here: a certificate or a courtesy notice. */
function backOf(about: Task["about"]): MailBack | null {
  switch (about.kind) {
    case "certificate":
      return {
        kind: "certificate",
        number: about.number,
        holder: about.holder_name,
        address: about.address,
      };
    case "notice":
      return {
        kind: "notice",
        number: about.policy_number,
        holder: about.holder_name,
        address: about.address,
      };
    default:
      return null;
  }
}

/** What a task is about, with the way there, and whose cover it concerns. */
function What({ task }: { readonly task: Task }) {
  const t = useMessages();
  const { about, insured_id: insured, insured_name: name } = task;
  function line(link: ReactNode, whose: string) {
    return (
      <div className={classes.what}>
        {link}
        <span className={classes.soft}>{whose}</span>
      </div>
    );
  }
  switch (about.kind) {
    case "certificate":
      return line(
        <LinkAnchor {...paths.certificate(about.certificate_id)} fw={500}>
          {about.number}
        </LinkAnchor>,
        t.tasks.about(about.holder_name, name),
      );
    case "notice":
      return line(
        <LinkAnchor {...paths.policy(insured, about.policy_id)} fw={500}>
          {t.tasks.notice(about.policy_number)}
        </LinkAnchor>,
        t.tasks.about(about.holder_name, name),
      );
    case "declined":
      return line(
        <LinkAnchor {...paths.approval(about.approval_id)} fw={500}>
          {t.tasks.declined(about.holder_name)}
        </LinkAnchor>,
        name,
      );
    default:
      return line(
        <LinkAnchor {...paths.renewalRun(insured, { master: about.master_id })} fw={500}>
          {about.kind === "question" ? t.tasks.question : t.tasks.answer}
        </LinkAnchor>,
        name,
      );
  }
}

/** The address that sent a mail back, who answered, or who asked in vain. */
function from(about: Task["about"]): string {
  switch (about.kind) {
    case "answer":
      return about.answered_by_name;
    case "declined":
      return about.asked_by_name;
    default:
      return about.address;
  }
}

/** What the other side said of a mail that came back, the insured in its answer, or whoever declined. */
function Said({ about }: { readonly about: Task["about"] }) {
  const t = useMessages();
  if (about.kind === "declined") {
    const said = t.tasks.declinedBy(about.declined_by_name, about.reason);
    return (
      <span className={classes.reason} title={about.reason}>
        {said}
      </span>
    );
  }
  if (about.kind !== "answer") {
    const said = about.reason === "" ? t.tasks.noReason : about.reason;
    return (
      <span className={classes.reason} title={about.reason}>
        {t.tasks.cameBack(said)}
      </span>
    );
  }
  const needed = t.tasks.wanted(about.wanted, about.holders);
  return (
    <span className={classes.reason} title={about.note}>
      {about.note === "" ? needed : `${needed} ${about.note}`}
    </span>
  );
}
