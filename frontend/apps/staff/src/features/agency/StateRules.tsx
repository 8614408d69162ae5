import { problemOf } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { LayoutDialog } from "./LayoutDialog";
import { nameOf, rowsOf, type StateRow } from "./state-rows";
import classes from "./StateRules.module.css";

type Severity = components["schemas"]["SeverityWord"];

const TONES: Record<Severity, Tone> = { block: "bad", warn: "warn", info: "good" };

/** What the states ask of a certificate's form, with source and date, and what the agency found out for its own. */
export function StateRules() {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const r = t.stateRules;
  const list = api.useQuery("get", "/v1/state-rules");
  const [asked, setAsked] = useState<StateRow | "other" | null>(null);
  const rows = useMemo(
    () => (list.data === undefined ? undefined : rowsOf(list.data)),
    [list.data],
  );
  const mayState = list.data?.may_state ?? false;
  const columns = useMemo(
    (): readonly Column<StateRow>[] => [
      {
        id: "state",
        header: r.state,
        width: "140px",
        phone: "title",
        cell: (row) => <strong className={classes.state}>{nameOf(row.state)}</strong>,
      },
      {
        id: "rule",
        header: r.rule,
        width: "24%",
        phone: "bare",
        cell: ({ rule }) => (
          <div className={classes.whole}>
            {rule === undefined ? r.unknownRule : r.rules[rule.rule]}
            {rule?.note ? <span className={classes.note}>{rule.note}</span> : null}
          </div>
        ),
      },
      {
        id: "source",
        header: r.source,
        width: "20%",
        cell: ({ rule }) => (
          <div className={classes.whole}>
            {rule === undefined ? "–" : rule.source}
            {rule === undefined ? null : (
              <span className={classes.note}>{r.dated(rule.source_date ?? null)}</span>
            )}
          </div>
        ),
      },
      {
        id: "layout",
        header: r.layout,
        cell: ({ layout }) =>
          layout === undefined ? (
            "–"
          ) : (
            <div className={classes.whole}>
              {r.standings[layout.standing]}
              <span className={classes.note}>
                {r.stated(layout.reference, format.date(layout.checked_on), layout.by_name)}
              </span>
            </div>
          ),
      },
      {
        id: "effect",
        header: r.effect,
        width: "132px",
        phone: "bare",
        cell: (row) => <StatusBadge tone={TONES[row.effect]}>{r.effects[row.effect]}</StatusBadge>,
      },
      ...(mayState
        ? [
            {
              id: "actions",
              header: r.actions,
              quietHeader: true,
              width: "104px",
              phone: "actions" as const,
              cell: (row: StateRow) => (
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={r.stateFor(nameOf(row.state))}
                  onClick={() => setAsked(row)}
                >
                  {row.layout === undefined ? r.stateIt : r.change}
                </Button>
              ),
            },
          ]
        : []),
    ],
    [r, format, mayState],
  );
  return (
    <>
      <DataTable
        label={r.title}
        columns={columns}
        rows={rows}
        rowId={(row) => row.state}
        problem={list.error === null ? null : problemOf(list.error)}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={r.none} />}
      />
      {list.data === undefined ? null : (
        <div className={classes.others}>
          <p>{r.others(r.effects[list.data.unknown_state])}</p>
          {mayState ? (
            <Button variant="default" onClick={() => setAsked("other")}>
              {r.stateOther}
            </Button>
          ) : null}
        </div>
      )}
      {asked === null ? null : (
        <LayoutDialog
          row={asked === "other" ? null : asked}
          taken={(rows ?? []).map((row) => row.state)}
          onClose={() => setAsked(null)}
          onDone={() => invalidate(cache, "/v1/state-rules")}
        />
      )}
    </>
  );
}
