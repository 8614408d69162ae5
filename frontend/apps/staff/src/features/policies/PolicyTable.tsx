import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { ProblemAlert, type Trouble } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { NoPolicies } from "./NoPolicies";
import { PolicyStateBadge } from "./PolicyStateBadge";
import classes from "./PolicyTable.module.css";

type Policy = components["schemas"]["Policy"];

/** In the order in which they matter. */
const STATES = ["in_force", "upcoming", "not_bound", "cancelled", "expired"] as const;

/** What is in force first; within it the lines as they stand on a certificate, newest term first. */
export function inReadingOrder(policies: readonly Policy[]): Policy[] {
  return policies.toSorted(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      b.expires_on.localeCompare(a.expires_on) ||
      LINES.indexOf(a.line) - LINES.indexOf(b.line),
  );
}

/** Policies by what they are worth today; those whose term is over by the year in which it ended. */
function groupsOf(
  policies: readonly Policy[],
): { state: Policy["state"]; year: string; rows: Policy[] }[] {
  const groups = Map.groupBy(
    inReadingOrder(policies),
    (policy) =>
      `${policy.state} ${policy.state === "expired" ? policy.expires_on.slice(0, 4) : ""}`,
  );
  return [...groups].flatMap(([key, rows]) => {
    const [first] = rows;
    return first === undefined ? [] : [{ state: first.state, year: key.split(" ")[1] ?? "", rows }];
  });
}

export interface PolicyTableProps {
  readonly insured: string;
  readonly policies: readonly Policy[] | undefined;
  readonly problem: Trouble | null;
  readonly onRetry: () => void;
}

export function PolicyTable({ insured, policies, problem, onRetry }: PolicyTableProps) {
  const t = useMessages();
  const format = useFormat();
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly Column<Policy>[] => [
      {
        id: "line",
        header: t.policies.line,
        width: "19%",
        phone: "title",
        cell: (policy) => (
          <Link {...paths.policy(insured, policy.id)} className={classes.open}>
            {policy.line_label}
          </Link>
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
        figures: true,
        phone: "hidden",
        cell: (policy) => format.date(policy.effective_on),
      },
      {
        id: "expires",
        header: t.policies.expires,
        width: "104px",
        figures: true,
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
        width: "176px",
        phone: "bare",
        cell: (policy) => <PolicyStateBadge policy={policy} />,
      },
    ],
    [t, format, insured],
  );
  if (policies === undefined && problem !== null) {
    return <ProblemAlert problem={problem} onRetry={onRetry} />;
  }
  if (policies?.length === 0) {
    return <NoPolicies insured={insured} />;
  }
  const groups =
    policies === undefined
      ? [{ state: "in_force" as const, year: "", rows: undefined }]
      : groupsOf(policies);
  return (
    <>
      {groups.map(({ state, year, rows }) => {
        const title = t.policies.groupOf(state, year);
        return (
          <Section key={title} title={title}>
            <DataTable
              label={title}
              columns={columns}
              rows={rows}
              rowId={(policy) => policy.id}
              onOpen={(policy) => void navigate(paths.policy(insured, policy.id))}
              empty={null}
            />
          </Section>
        );
      })}
      {problem === null ? null : <ProblemAlert problem={problem} onRetry={onRetry} />}
    </>
  );
}
