import { Wordmark } from "@countersign/ui/Wordmark";
import { ActionIcon, Kbd, UnstyledButton } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { useMessages } from "../messages/MessagesProvider";
import { useSession } from "../session";
import { PersonMenu } from "./PersonMenu";
import classes from "./TopBar.module.css";

export interface TopBarProps {
  readonly onSearch: () => void;
  readonly onMenu: () => void;
  readonly onSignOut: () => void;
}

export function TopBar({ onSearch, onMenu, onSignOut }: TopBarProps) {
  const t = useMessages();
  const { agency } = useSession();
  const os = useOs();
  return (
    <header className={classes.bar} data-chrome>
      <ActionIcon
        className={classes.menu ?? ""}
        size="lg"
        aria-label={t.shell.openNavigation}
        onClick={onMenu}
      >
        <IconMenu2 size={20} stroke={1.6} />
      </ActionIcon>
      <span className={classes.phoneMark}>
        <Wordmark />
      </span>
      <UnstyledButton className={classes.search} onClick={onSearch} aria-label={t.shell.searchHint}>
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <span className={classes.hint}>{t.shell.searchHint}</span>
        <Kbd className={classes.keys ?? ""} aria-hidden>
          {os === "macos" ? t.keys.searchMac : t.keys.search}
        </Kbd>
      </UnstyledButton>
      <span className={classes.agency}>{agency.name}</span>
      <PersonMenu onSignOut={onSignOut} />
    </header>
  );
}
