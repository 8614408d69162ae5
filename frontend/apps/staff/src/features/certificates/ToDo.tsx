import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMemo, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { DismissTask } from "./DismissTask";
import { SettleTask } from "./SettleTask";
import classes from "./ToDo.module.css";

type Task = components["schemas"]["Task"];

interface Opened {
  readonly act: "settle" | "dismiss";
  readonly task: Task;
}

/** Mail that came back and that nobody has settled; nothing at all where there is none. */
export function ToDo() {
  const t = useMessages();
  const format = useFormat();
  const [opened, setOpened] = useState<Opened | null>(null);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/tasks",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const columns = useMemo(
    (): readonly Column<Task>[] => [
      {
        id: "certificate",
        header: t.tasks.certificate,
        width: "24%",
        phone: "title",
        cell: (task) => (
          <div className={classes.what}>
            <LinkAnchor {...paths.certificate(task.certificate_id)} fw={500}>
              {task.number}
            </LinkAnchor>
            <span className={classes.soft}>
              {t.tasks.about(task.holder_name, task.insured_name)}
            </span>
          </div>
        ),
      },
      {
        id: "address",
        header: t.tasks.address,
        width: "22%",
        cell: (task) => <span className={classes.address}>{task.address}</span>,
      },
      {
        id: "reason",
        header: t.tasks.reason,
        cell: (task) => (
          <span className={classes.reason} title={task.reason}>
            {task.reason === "" ? t.tasks.noReason : task.reason}
          </span>
        ),
      },
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
          const reason = task.may.includes("settle") ? null : t.tasks.mayNot;
          return (
            <div className={classes.acts}>
              <GuardedButton
                variant="default"
                size="compact-sm"
                reason={reason}
                aria-label={t.tasks.fixOf(task.number, task.address)}
                onClick={() => setOpened({ act: "settle", task })}
              >
                {t.tasks.fix}
              </GuardedButton>
              <GuardedButton
                variant="subtle"
                color="gray"
                size="compact-sm"
                reason={reason}
                aria-label={t.tasks.dismissOf(task.number)}
                onClick={() => setOpened({ act: "dismiss", task })}
              >
                {t.tasks.dismiss}
              </GuardedButton>
            </div>
          );
        },
      },
    ],
    [t, format],
  );
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
      {opened?.act === "settle" ? <SettleTask task={opened.task} onClose={close} /> : null}
      {opened?.act === "dismiss" ? <DismissTask task={opened.task} onClose={close} /> : null}
    </Section>
  );
}
