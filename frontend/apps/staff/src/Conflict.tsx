import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ConflictRow } from "./conflict-rows";
import classes from "./Conflict.module.css";
import { useMessages } from "./messages/MessagesProvider";

export interface ConflictProps {
  readonly rows: readonly ConflictRow[];
  /** With the units for which what is on file shall stand. */
  readonly onSettle: (theirs: ReadonlySet<string>) => void;
}

interface Choice {
  readonly unit: string;
  readonly rows: readonly ConflictRow[];
  readonly theirsChanged: boolean;
  readonly mineChanged: boolean;
}

function choicesOf(rows: readonly ConflictRow[]): Choice[] {
  return [...Map.groupBy(rows, (row) => row.unit)].map(([unit, group]) => ({
    unit,
    rows: group,
    theirsChanged: group.some((row) => row.was !== row.theirs),
    mineChanged: group.some((row) => row.was !== row.mine),
  }));
}

/**
 * Somebody else saved first: each part that either of the two changed, as it was, as it is now and as it
 * was entered here. What only one of them changed is taken as it is; where both did, the person decides.
 */
export function Conflict({ rows, onSettle }: ConflictProps) {
  const t = useMessages();
  const choices = choicesOf(rows);
  const [theirs, setTheirs] = useState(
    () =>
      new Set(
        choices.filter((each) => each.theirsChanged && !each.mineChanged).map((each) => each.unit),
      ),
  );
  const show = (value: string) => (value === "" ? t.conflict.nothing : value);
  return (
    <section className={classes.conflict} role="alert" aria-label={t.conflict.title}>
      <h2 className={classes.title}>{t.conflict.title}</h2>
      <p className={classes.text}>{t.conflict.text}</p>
      {choices.map((choice) => (
        <div key={choice.unit} className={classes.choice}>
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
          {choice.theirsChanged && choice.mineChanged ? (
            <SegmentedControl
              aria-label={t.conflict.keepOf(choice.rows.map((row) => row.label).join(", "))}
              size="xs"
              data={[
                { value: "theirs", label: t.conflict.keepTheirs },
                { value: "mine", label: t.conflict.keepMine },
              ]}
              value={theirs.has(choice.unit) ? "theirs" : "mine"}
              onChange={(kept) =>
                setTheirs((last) => {
                  const next = new Set(last);
                  if (kept === "theirs") next.add(choice.unit);
                  else next.delete(choice.unit);
                  return next;
                })
              }
            />
          ) : (
            <p className={classes.taken}>
              {choice.theirsChanged ? t.conflict.theirsTaken : t.conflict.mineTaken}
            </p>
          )}
        </div>
      ))}
      <Button onClick={() => onSettle(theirs)}>{t.conflict.settle}</Button>
    </section>
  );
}
