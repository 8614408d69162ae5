import { type ReactNode, useEffect } from "react";
import classes from "./Plaque.module.css";

export interface PlaqueProps {
  readonly title: string;
  readonly product: string;
  /** Above the title: whose page this is. */
  readonly mark: ReactNode;
  readonly children: ReactNode;
  /** Below the sheet: how to reach somebody. */
  readonly foot?: ReactNode;
}

/** The page before there is a session: one sheet, one task. */
export function Plaque({ title, product, mark, children, foot }: PlaqueProps) {
  useEffect(() => {
    document.title = `${title} – ${product}`;
  }, [title, product]);
  return (
    <main className={classes.ground}>
      <div className={classes.column}>
        <div className={classes.mark}>{mark}</div>
        <div className={classes.sheet}>
          <h1 className={classes.title}>{title}</h1>
          {children}
        </div>
        {foot === undefined ? null : <div className={classes.foot}>{foot}</div>}
      </div>
    </main>
  );
}
