import type { ReactNode } from "react";
import classes from "./Section.module.css";

export interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One part of a page under its own heading, divided by a hairline, not by a box. */
export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      </div>
      {note === undefined ? null : <p className={classes.note}>{note}</p>}
      {children}
    </section>
  );
}
