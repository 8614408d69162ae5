import { useFormat } from "@countersign/ui/UiProvider";
import { Button, SegmentedControl } from "@mantine/core";
import { useId, useRef, useState } from "react";
import {
  choicesOf,
  type ConflictChoice,
  type ConflictRow,
  conflictRows,
  type Decisions,
  type Fact,
  openOf,
  takenOf,
} from "./conflict-rows";
import classes from "./Conflict.module.css";
import { useMessages } from "./messages/MessagesProvider";
import type { ConflictState } from "./use-conflict";

export interface ConflictProps<R extends { readonly version: number } | null, V> {
  readonly conflict: ConflictState<R>;
  /** A record as the form holds it. */
  readonly valuesOf: (record: NonNullable<R>) => V;
  /** Everything that the form says, in words. */
  readonly facts: (values: V) => readonly Fact[];
  /** What was entered here. */
  readonly mine: V;
  /** What was entered here, with some units as they are on file. */
  readonly takeOver: (mine: V, onFile: V, taken: ReadonlySet<string>) => V;
  /** With what the person decided, to be done to what the form holds. */
  readonly onSettle: (decided: (mine: V) => V) => void;
}

/** Where somebody else saved first, what they wrote beside what was entered here; nothing otherwise. */
export function Conflict<R extends { readonly version: number } | null, V>({
  conflict: { base, newest, settle },
  valuesOf,
  facts,
  mine,
  takeOver,
  onSettle,
}: ConflictProps<R, V>) {
  if (base === null || newest === null) return null;
  const onFile = valuesOf(newest);
  return (
    <Comparison
      key={newest.version}
      rows={conflictRows(facts(valuesOf(base)), facts(onFile), facts(mine))}
      onSettle={(taken) => {
        onSettle((last) => takeOver(last, onFile, taken));
        settle();
      }}
    />
  );
}

interface ComparisonProps {
  readonly rows: readonly ConflictRow[];
  /** With the units for which what is on file shall stand. */
  readonly onSettle: (theirs: ReadonlySet<string>) => void;
}

/**
 * Each part that either of the two changed, as it was, as it is now and as it was entered here. What
 * only one of them changed is taken as it is; where both did, and not in the same way, the person decides.
 * Nothing is chosen for them: whoever only pressed on would write over what a colleague just saved.
 */
function Comparison({ rows, onSettle }: ComparisonProps) {
  const t = useMessages();
  const format = useFormat();
  const says = useId();
  const section = useRef<HTMLElement>(null);
  const choices = choicesOf(rows);
  const [decided, setDecided] = useState<Decisions>(() => new Map());
  const open = openOf(choices, decided);
  const show = (value: string) => (value === "" ? t.conflict.nothing : value);

  function settle() {
    if (open.length === 0) onSettle(takenOf(choices, decided));
    // Pressed too early it leads to what it waits for.
    else section.current?.querySelector<HTMLElement>("[data-open] input")?.focus();
  }

  return (
    // Read as a whole when it comes; after that only what changes in it.
    <section
      ref={section}
      className={classes.conflict}
      role="alert"
      aria-atomic="false"
      aria-label={t.conflict.title}
    >
      <h2 className={classes.title}>{t.conflict.title}</h2>
      <p className={classes.text}>{rows.length === 0 ? t.conflict.elsewhere : t.conflict.text}</p>
      {choices.map((choice) => (
        <div
          key={choice.unit}
          className={classes.choice}
          data-open={open.includes(choice) || undefined}
        >
          {choice.rows.map((row) => (
            <dl key={row.label} className={classes.row}>
              <div className={classes.label}>
                <dt>{t.conflict.was(row.label)}</dt>
                <dd>{show(row.was)}</dd>
              </div>
              <div data-changed={row.theirs !== row.was || undefined}>
                <dt>{t.conflict.theirs}</dt>
                <dd>{show(row.theirs)}</dd>
              </div>
              <div data-changed={row.mine !== row.was || undefined}>
                <dt>{t.conflict.mine}</dt>
                <dd>{show(row.mine)}</dd>
              </div>
            </dl>
          ))}
          {choice.changed === "both" ? (
            <SegmentedControl
              aria-label={t.conflict.keepOf(labelsOf(choice))}
              aria-required
              size="xs"
              data={[
                { value: "theirs", label: t.conflict.keepTheirs },
                { value: "mine", label: t.conflict.keepMine },
              ]}
              value={decided.get(choice.unit) ?? ""}
              onChange={(kept) =>
                setDecided((last) =>
                  new Map(last).set(choice.unit, kept === "theirs" ? "theirs" : "mine"),
                )
              }
            />
          ) : (
            <p className={classes.taken}>{t.conflict.taken[choice.changed]}</p>
          )}
        </div>
      ))}
      {open.length === 0 ? null : (
        <p id={says} className={classes.open}>
          {t.conflict.open(format.list(open.map(labelsOf)))}
        </p>
      )}
      <Button
        onClick={settle}
        {...(open.length === 0
          ? {}
          : { "data-disabled": true, "aria-disabled": true, "aria-describedby": says })}
      >
        {t.conflict.settle}
      </Button>
    </section>
  );
}

function labelsOf({ rows }: ConflictChoice): string {
  return rows.map((row) => row.label).join(", ");
}
