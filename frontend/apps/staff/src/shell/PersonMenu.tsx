import { ColorSchemeMenu } from "@countersign/ui/ColorSchemeMenu";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconLogout } from "@tabler/icons-react";
import { useMessages } from "../messages/MessagesProvider";
import { useSession } from "../session";
import classes from "./PersonMenu.module.css";

export interface PersonMenuProps {
  readonly onSignOut: () => void;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

export function PersonMenu({ onSignOut }: PersonMenuProps) {
  const t = useMessages();
  const { user, agency } = useSession();
  return (
    <Menu position="bottom-end" width={248}>
      <Menu.Target>
        <UnstyledButton
          className={classes.person}
          aria-label={t.shell.personMenu(user.display_name)}
        >
          <span className={classes.initials} aria-hidden>
            {initials(user.display_name)}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{user.display_name}</strong>
          <span>{user.email}</span>
          <span>{agency.name}</span>
        </div>
        <Menu.Divider />
        <ColorSchemeMenu
          label={t.shell.appearance}
          light={t.shell.light}
          dark={t.shell.dark}
          auto={t.shell.auto}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={onSignOut}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
