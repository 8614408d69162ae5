import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Fragment, useMemo, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { DeliveryBadge } from "../../DeliveryBadge";
import { type MailBack, SettleTask } from "../../SettleTask";
import classes from "./PolicyPage.module.css";

type PolicyHolder = components["schemas"]["PolicyHolder"];

export interface PolicyHoldersProps {
  readonly record: components["schemas"]["PolicyRecord"];
}

/** A notice that came back, with the task about it. */
interface Opened {
  readonly task: string;
  readonly back: MailBack;
}

/** Who holds a certificate that names the policy and still stands, each with the newest of them. */
export function PolicyHolders({ record }: PolicyHoldersProps) {
  const t = useMessages();
  const format = useFormat();
  const [opened, setOpened] = useState<Opened | null>(null);
  const { id: policy, may } = record;
  const { number } = record.policy;
  // Who was told of a cancellation is shown.
  const cancelled = record.policy.status === "cancelled";
  const reason = may.includes("send_notices") ? null : t.notices.mayNot;
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/holders",
    { params: { path: { policy }, query: { limit: 25 } } },
    byCursor,
  );
  const columns = useMemo(
    (): readonly Column<PolicyHolder>[] => [
      {
        id: "name",
        header: t.policies.holder,
        phone: "title",
        wraps: true,
        cell: (holder) => holder.name,
      },
      {
        id: "emails",
        header: t.policies.holderEmails,
        width: cancelled ? "24%" : "32%",
        phone: "bare",
        cell: (holder) => <span className={classes.breaking}>{holder.emails.join(", ")}</span>,
      },
      {
        id: "certificate",
        header: t.policies.newestCertificate,
        width: "116px",
        cell: (holder) => (
          <LinkAnchor {...paths.certificate(holder.certificate_id)}>
            {holder.certificate_number}
          </LinkAnchor>
        ),
      },
      {
        id: "issued",
        header: t.policies.issued,
        width: "104px",
        figures: true,
        cell: (holder) => format.date(holder.issued_on),
      },
      {
        id: "count",
        header: t.policies.certificateCount,
        width: "92px",
        align: "right",
        phone: "hidden",
        cell: (holder) => format.number(holder.certificate_count),
      },
      ...(cancelled
        ? [
            {
              id: "notice",
              header: t.notices.column,
              width: "210px",
              cell: ({ name, notice }: PolicyHolder) =>
                notice ? (
                  <div className={classes.told}>
                    <span title={notice.last_error ?? notice.to.join(", ")}>
                      <DeliveryBadge
                        delivery={notice}
                        at={notice.accepted_at ?? notice.queued_at}
                      />
                    </span>
                    {notice.came_back.map(({ address, reason: said, task_id: task }) => (
                      <Fragment key={address}>
                        <span className={classes.back}>
                          {t.deliveries.cameBackFrom(address, said)}
                        </span>
                        {task ? (
                          <SettleButton
                            back={{ kind: "notice", number, holder: name, address }}
                            reason={reason}
                            onClick={(back) => setOpened({ task, back })}
                          />
                        ) : null}
                      </Fragment>
                    ))}
                  </div>
                ) : (
                  <StatusBadge tone="quiet">{t.notices.notYet}</StatusBadge>
                ),
            },
          ]
        : []),
    ],
    [t, format, cancelled, number, reason],
  );
  return (
    <>
      <DataTable
        label={t.policies.holders}
        columns={columns}
        rows={list.data?.pages.flatMap((page) => page.data)}
        rowId={(holder) => holder.id}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        empty={<p className={classes.soft}>{t.policies.noHolders}</p>}
        paging={{
          hasMore: list.hasNextPage,
          loading: list.isFetchingNextPage,
          onMore: () => void list.fetchNextPage(),
        }}
      />
      {opened === null ? null : (
        <SettleTask {...opened} insured={record.insured_id} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

interface SettleButtonProps {
  readonly back: MailBack;
  readonly reason: string | null;
  readonly onClick: (back: MailBack) => void;
}

/** Opens the question for the right address. */
function SettleButton({ back, reason, onClick }: SettleButtonProps) {
  const t = useMessages();
  return (
    <GuardedButton
      variant="default"
      size="compact-xs"
      reason={reason}
      aria-label={t.tasks.fixOf(back)}
      onClick={() => onClick(back)}
    >
      {t.tasks.fix}
    </GuardedButton>
  );
}
