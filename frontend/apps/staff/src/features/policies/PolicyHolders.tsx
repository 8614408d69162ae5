import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMemo } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { DeliveryBadge } from "../../DeliveryBadge";
import classes from "./PolicyPage.module.css";

type PolicyHolder = components["schemas"]["PolicyHolder"];

export interface PolicyHoldersProps {
  readonly policy: string;
  /** The policy is cancelled: who was told of it is shown. */
  readonly cancelled: boolean;
}

/** Who holds a certificate that names the policy and still stands, each with the newest of them. */
export function PolicyHolders({ policy, cancelled }: PolicyHoldersProps) {
  const t = useMessages();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/policies/{policy}/holders",
    { params: { path: { policy }, query: { limit: 25 } } },
    byCursor,
  );
  const columns = useMemo(
    (): readonly Column<PolicyHolder>[] => [
      { id: "name", header: t.policies.holder, phone: "title", cell: (holder) => holder.name },
      {
        id: "emails",
        header: t.policies.holderEmails,
        width: "32%",
        phone: "bare",
        cell: (holder) => <span className={classes.breaking}>{holder.emails.join(", ")}</span>,
      },
      {
        id: "certificate",
        header: t.policies.newestCertificate,
        width: "150px",
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
        width: "104px",
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
              cell: ({ notice }: PolicyHolder) =>
                notice ? (
                  <div className={classes.told}>
                    <span title={notice.last_error ?? notice.to.join(", ")}>
                      <DeliveryBadge
                        delivery={notice}
                        at={notice.accepted_at ?? notice.queued_at}
                      />
                    </span>
                    {notice.came_back.map(({ address, reason }) => (
                      <span key={address} className={classes.back}>
                        {t.deliveries.cameBackFrom(address, reason)}
                      </span>
                    ))}
                  </div>
                ) : (
                  <StatusBadge tone="quiet">{t.notices.notYet}</StatusBadge>
                ),
            },
          ]
        : []),
    ],
    [t, format, cancelled],
  );
  return (
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
  );
}
