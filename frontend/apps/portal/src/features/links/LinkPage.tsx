import { type ReactNode, useEffect } from "react";
import { useAccent } from "../../accent";
import type { AgencyCard } from "../../agency";
import { AgencyMark } from "../../AgencyMark";
import { Reach } from "../../Reach";
import classes from "./LinkPage.module.css";

export interface LinkPageProps {
  readonly agency: AgencyCard;
  readonly title: string;
  readonly children: ReactNode;
}

/** The page behind a link: the agency's name and color, and nothing of the portal around it. */
export function LinkPage({ agency, title, children }: LinkPageProps) {
  useAccent(agency.accent_color);
  useEffect(() => {
    document.title = `${title} – ${agency.name}`;
  }, [title, agency.name]);
  return (
    <main className={classes.ground}>
      <div className={classes.column}>
        <AgencyMark name={agency.name} />
        <h1 className={classes.title}>{title}</h1>
        {children}
        <footer className={classes.foot}>
          <Reach agency={agency} />
        </footer>
      </div>
    </main>
  );
}
