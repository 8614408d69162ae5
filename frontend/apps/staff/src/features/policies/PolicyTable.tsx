import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import type { Trouble } from "@countersign/ui/ProblemAlert";
import { useFormat } from "@countersign/ui/UiProvider";
import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { PolicyStateBadge } from "./PolicyStateBadge";
import classes from "./PolicyTable.module.css";

type Policy = components["schemas"]["Policy"];

const ORDER: Record<Policy["state"], number> = {
  in_force: 0,
  upcoming: 1,
  not_bound: 2,
  cancelled: 3,
  expired: 4,
};

/** What is in force first; within it the lines as they stand on a certificate, newest term first. */
export function inReadingOrder(policies: readonly Policy[]): Policy[] {
  return policies.toSorted(
    (a, b) =>
      ORDER[a.state] - ORDER[b.state] ||
      b.expires_on.localeCompare(a.expires_on) ||
      LINES.indexOf(a.line) - LINES.indexOf(b.line),
  );
}

export interface PolicyTableProps {
  readonly policies: readonly Policy[] | undefined;
  readonly onOpen: (policy: Policy) => void;
  readonly problem?: Trouble | null;
  readonly onRetry?: () => void;
}

export function PolicyTable({ policies, onOpen, problem = null, onRetry }: PolicyTableProps) {
  const t = useMessages();
  const format = useFormat();
  const columns = useMemo(
    (): readonly Column<Policy>[] => [
      {
        id: "line",
        header: t.policies.line,
        width: "19%",
        phone: "title",
        cell: (policy) => (
          <UnstyledButton className={classes.open} onClick={() => onOpen(policy)}>
            {policy.line_label}
          </UnstyledButton>
        ),
      },
      {
        id: "number",
        header: t.policies.number,
        width: "17%",
        phone: "bare",
        cell: (policy) => policy.number,
      },
      {
        id: "carrier",
        header: t.policies.carrier,
        phone: "bare",
        cell: (policy) => policy.carrier.name,
      },
      {
        id: "effective",
        header: t.policies.effective,
        width: "104px",
        phone: "hidden",
        cell: (policy) => format.date(policy.effective_on),
      },
      {
        id: "expires",
        header: t.policies.expires,
        width: "104px",
        cell: (policy) => format.date(policy.expires_on),
      },
      {
        id: "endorsements",
        header: t.policies.endorsements,
        width: "116px",
        align: "right",
        phone: "hidden",
        cell: (policy) => format.number(policy.endorsements.length),
      },
      {
        id: "state",
        header: t.policies.state,
        width: "150px",
        phone: "bare",
        cell: (policy) => <PolicyStateBadge state={policy.state} />,
      },
    ],
    [t, format, onOpen],
  );
  return (
    <DataTable
      label={t.policies.title}
      columns={columns}
      rows={policies}
      rowId={(policy) => policy.id}
      onOpen={onOpen}
      problem={problem}
      {...(onRetry === undefined ? {} : { onRetry })}
      empty={<EmptyState title={t.policies.none}>{t.policies.noneText}</EmptyState>}
    />
  );
}
