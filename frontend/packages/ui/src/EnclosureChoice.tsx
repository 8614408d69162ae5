import type { ReactNode } from "react";
import classes from "./EnclosureChoice.module.css";

export interface EnclosureChoiceProps {
  /** The box that lets them go along, or why there is nothing to choose. */
  readonly choice: ReactNode;
  /** How far the box moves its words in, so that the rows begin below them. */
  readonly inset: number;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    /** Of its file, or that there is none. */
    readonly size: string;
  }[];
  readonly goAlong: boolean;
  /** Why they cannot all go along. */
  readonly fault: string | null;
  readonly total?: string | null;
}

/** What may go along with a page, each with its size, and whether it does. */
export function EnclosureChoice({
  choice,
  inset,
  rows,
  goAlong,
  fault,
  total = null,
}: EnclosureChoiceProps) {
  return (
    <div className={classes.field}>
      {choice}
      <ul
        className={classes.list}
        style={{ paddingLeft: inset }}
        data-behind={!goAlong || undefined}
      >
        {rows.map((row) => (
          <li key={row.id} className={classes.row}>
            <span>{row.name}</span>
            <span className={classes.size}>{row.size}</span>
          </li>
        ))}
      </ul>
      {fault === null ? null : (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
      {total === null ? null : <p className={classes.total}>{total}</p>}
    </div>
  );
}
