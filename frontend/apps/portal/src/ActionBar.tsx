import type { ReactNode } from "react";
import classes from "./ActionBar.module.css";

export interface ActionBarProps {
  readonly children: ReactNode;
}

/** What one does on this page: under the content on a wide screen, under the thumb on a phone. */
export function ActionBar({ children }: ActionBarProps) {
  return (
    <>
      <div className={classes.room} />
      <div className={classes.bar} data-chrome>
        {children}
      </div>
    </>
  );
}
