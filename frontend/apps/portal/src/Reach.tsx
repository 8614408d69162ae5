import { Anchor } from "@mantine/core";
import type { AgencyCard } from "./agency";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./Reach.module.css";

export interface ReachProps {
  readonly agency: Pick<AgencyCard, "name" | "phone" | "email" | "support_text">;
}

/** How to reach the agency, at the foot of every page (A1.31). */
export function Reach({ agency }: ReachProps) {
  const t = useMessages();
  return (
    <div className={classes.reach}>
      <p className={classes.line}>
        {t.reach.question} {agency.support_text ?? t.reach.ask(agency.name)}
      </p>
      {agency.phone || agency.email ? (
        <p className={classes.ways}>
          {agency.phone ? (
            <Anchor href={`tel:${agency.phone}`} className={classes.way ?? ""}>
              {agency.phone}
            </Anchor>
          ) : null}
          {agency.email ? (
            <Anchor href={`mailto:${agency.email}`} className={classes.way ?? ""}>
              {agency.email}
            </Anchor>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
