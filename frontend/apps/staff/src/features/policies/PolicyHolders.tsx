import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Fragment, useMemo, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { insuredQuery } from "../../insured";
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
  const cancelled = record.policy.status === "cancelled";
  const reason = may.includes("send_notices") ? null : t.notices.mayNot;
  const insured = useSuspenseQuery(insuredQuery(record.insured_id)).data;
  const maySend = insured.may.includes("send_certificate");
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/holders",
    { params: { path: { policy }, query: { limit: 25 } } },
    byCursor,
  );
  const rows = list.data?.pages.flatMap((page) => page.data);
  // Who was told of a cancellation is shown, also when the policy is in force again: they may still believe it.
  const misled = !cancelled && (rows?.some(isMisled) ?? false);
  const noticed = cancelled || (rows?.some((holder) => holder.notice) ?? false);
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
        width: noticed ? "24%" : "32%",
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
      ...(noticed
        ? [
            {
              id: "notice",
              header: t.notices.column,
              width: "210px",
              cell: (holder: PolicyHolder) => {
                const { name, notice } = holder;
                if (!notice) {
                  return cancelled ? (
                    <StatusBadge tone="quiet">{t.notices.notYet}</StatusBadge>
                  ) : null;
                }
                if (!cancelled) {
                  return (
                    <ToldBefore
                      holder={holder}
                      notice={notice}
                      sendFor={maySend ? insured.id : null}
                    />
                  );
                }
                return (
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
                );
              },
            },
          ]
        : []),
    ],
    [t, format, cancelled, noticed, number, reason, maySend, insured.id],
  );
  return (
    <>
      {misled ? (
        <p className={classes.reinstated} role="note">
          {t.notices.reinstated}
          {maySend ? (
            <LinkAnchor {...paths.sendMany(insured.id)}>{t.batches.sendMany}</LinkAnchor>
          ) : null}
        </p>
      ) : null}
      <DataTable
        label={t.policies.holders}
        columns={columns}
        rows={rows}
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

/** Told that the policy is cancelled, and not by a new certificate what is in force now. */
function isMisled({ notice }: PolicyHolder): boolean {
  return !!notice && !notice.reached_nobody && !notice.certificate_since;
}

interface ToldBeforeProps {
  readonly holder: PolicyHolder;
  readonly notice: components["schemas"]["CourtesyNotice"];
  /** The insured to send a certificate for; null where one may not. */
  readonly sendFor: string | null;
}

/** What the holder of a reinstated policy was told of its cancellation, and the way to tell it otherwise. */
function ToldBefore({ holder, notice, sendFor }: ToldBeforeProps) {
  const t = useMessages();
  const n = t.notices;
  const format = useFormat();
  if (notice.certificate_since) {
    return <StatusBadge tone="good">{n.certificateSince}</StatusBadge>;
  }
  if (notice.reached_nobody) return <DeliveryBadge delivery={notice} />;
  return (
    <div className={classes.told}>
      <span title={notice.to.join(", ")}>
        <StatusBadge tone="warn">{n.toldOf(format.date(notice.cancelled_on))}</StatusBadge>
      </span>
      {sendFor === null ? null : (
        <LinkAnchor
          {...paths.sendCertificate(sendFor, { holder: holder.id })}
          aria-label={n.sendCertificateTo(holder.name)}
        >
          {n.sendCertificate}
        </LinkAnchor>
      )}
    </div>
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
