import { Button } from "@mantine/core";
import { IconMail, IconPhone } from "@tabler/icons-react";
import type { AgencyCard } from "./agency";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./CallAgency.module.css";

export interface CallAgencyProps {
  readonly agency: Pick<AgencyCard, "name" | "phone" | "email">;
  /** The call is the one thing to do on this page. */
  readonly primary?: boolean;
}

/** Two buttons that start a call or a mail, where only the agency can help. */
export function CallAgency({ agency, primary = false }: CallAgencyProps) {
  const t = useMessages();
  return (
    <div className={classes.ways}>
      {agency.phone ? (
        <Button
          component="a"
          href={`tel:${agency.phone}`}
          size="md"
          classNames={{ root: classes.way ?? "", label: classes.label ?? "" }}
          variant={primary ? "filled" : "default"}
          leftSection={<IconPhone size={18} aria-hidden />}
        >
          {t.reach.call(agency.phone)}
        </Button>
      ) : null}
      {agency.email ? (
        <Button
          component="a"
          href={`mailto:${agency.email}`}
          size="md"
          classNames={{ root: classes.way ?? "", label: classes.label ?? "" }}
          variant="default"
          leftSection={<IconMail size={18} aria-hidden />}
        >
          {t.reach.mailAgency(agency.name)}
        </Button>
      ) : null}
    </div>
  );
}
