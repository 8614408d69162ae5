import type { ReactNode } from "react";
import classes from "./Part.module.css";

export interface PartProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One part of a page under its own heading. */
export function Part({ title, note, action, children }: PartProps) {
  return (
    <section className={classes.part}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {action}
      </div>
      {note === undefined ? null : <p className={classes.note}>{note}</p>}
      {children}
    </section>
  );
}
