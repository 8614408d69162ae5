import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMemo } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { STATES } from "../../states";
import classes from "./StateRules.module.css";

type StateRule = components["schemas"]["StateRule"];
type Severity = components["schemas"]["SeverityWord"];

const TONES: Record<Severity, Tone> = { block: "bad", warn: "warn", info: "good" };

function nameOf(code: string): string {
  return STATES.find(([each]) => each === code)?.[1] ?? code;
}

/** What the states ask of a certificate's form, with source and date; nothing here can be changed. */
export function StateRules() {
  const t = useMessages();
  const r = t.stateRules;
  const list = api.useQuery("get", "/v1/state-rules");
  const columns = useMemo(
    (): readonly Column<StateRule>[] => [
      {
        id: "state",
        header: r.state,
        width: "140px",
        phone: "title",
        cell: (rule) => <strong className={classes.state}>{nameOf(rule.state)}</strong>,
      },
      {
        id: "rule",
        header: r.rule,
        width: "30%",
        phone: "bare",
        cell: (rule) => (
          <div className={classes.whole}>
            {r.rules[rule.rule]}
            {rule.note ? <span className={classes.note}>{rule.note}</span> : null}
          </div>
        ),
      },
      {
        id: "effect",
        header: r.effect,
        width: "140px",
        phone: "bare",
        cell: (rule) => (
          <StatusBadge tone={TONES[rule.severity]}>{r.effects[rule.severity]}</StatusBadge>
        ),
      },
      {
        id: "source",
        header: r.source,
        cell: (rule) => <div className={classes.whole}>{rule.source}</div>,
      },
      {
        id: "date",
        header: r.date,
        width: "92px",
        cell: (rule) => rule.source_date ?? r.noDate,
      },
    ],
    [r],
  );
  return (
    <>
      <DataTable
        label={r.title}
        columns={columns}
        rows={list.data?.data}
        rowId={(rule) => rule.state}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={r.none} />}
      />
      {list.data === undefined ? null : (
        <p className={classes.others}>{r.others(r.effects[list.data.unknown_state])}</p>
      )}
    </>
  );
}
