import { ColorSchemeMenu } from "@countersign/ui/ColorSchemeMenu";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconLogout, IconMail, IconPhone, IconUserCircle } from "@tabler/icons-react";
import { useMessages } from "../messages/MessagesProvider";
import { useSession } from "../session";
import classes from "./AccountMenu.module.css";

export interface AccountMenuProps {
  readonly onSignOut: () => void;
}

/** Who is signed in, how to reach the agency, how the pages look, and the way out. */
export function AccountMenu({ onSignOut }: AccountMenuProps) {
  const t = useMessages();
  const { user, agency, insured } = useSession();
  return (
    <Menu position="bottom-end" width={290}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t.shell.accountMenu}>
          <IconUserCircle size={28} stroke={1.5} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ""}>
        <div className={classes.who}>
          <strong>{insured?.name ?? user.display_name}</strong>
          <span>{t.shell.signedInAs(user.username)}</span>
        </div>
        <Menu.Divider />
        {agency.phone || agency.email ? <Menu.Label>{t.shell.help(agency.name)}</Menu.Label> : null}
        {agency.phone ? (
          <Menu.Item
            component="a"
            href={`tel:${agency.phone}`}
            leftSection={<IconPhone size={18} stroke={1.6} aria-hidden />}
          >
            {t.reach.call(agency.phone)}
          </Menu.Item>
        ) : null}
        {agency.email ? (
          <Menu.Item
            component="a"
            href={`mailto:${agency.email}`}
            leftSection={<IconMail size={18} stroke={1.6} aria-hidden />}
          >
            {t.reach.mail(agency.email)}
          </Menu.Item>
        ) : null}
        {agency.phone || agency.email ? <Menu.Divider /> : null}
        <ColorSchemeMenu
          label={t.shell.appearance}
          light={t.shell.light}
          dark={t.shell.dark}
          auto={t.shell.auto}
        />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />}
          onClick={onSignOut}
        >
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
