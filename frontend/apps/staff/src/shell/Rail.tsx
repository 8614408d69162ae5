import { Wordmark } from "@countersign/ui/Wordmark";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMessages } from "../messages/MessagesProvider";
import { Places } from "./Places";
import classes from "./Rail.module.css";

export interface RailProps {
  readonly narrow: boolean;
  readonly onToggle: () => void;
}

export function Rail({ narrow, onToggle }: RailProps) {
  const t = useMessages();
  const label = narrow ? t.shell.widenRail : t.shell.narrowRail;
  const Toggle = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav
      aria-label={t.shell.navigation}
      className={classes.rail}
      data-narrow={narrow || undefined}
      data-chrome
    >
      <Link to="/" className={classes.mark} aria-label={t.shell.toHome}>
        <Wordmark compact={narrow} />
      </Link>
      <div className={classes.places}>
        <Places narrow={narrow} />
      </div>
      <Tooltip label={label} position="right">
        <ActionIcon
          aria-label={label}
          onClick={onToggle}
          className={classes.toggle ?? ""}
          size="lg"
        >
          <Toggle size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </nav>
  );
}
