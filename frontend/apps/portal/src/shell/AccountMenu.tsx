import { UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { IconLogout, IconMail, IconPhone, IconUserCircle } from "@tabler/icons-react";
import { useId, useRef, useState } from "react";
import { useMessages } from "../messages/MessagesProvider";
import { useSession } from "../session";
import classes from "./AccountMenu.module.css";

const SCHEMES = ["light", "dark", "auto"] as const;

export interface AccountMenuProps {
  readonly onSignOut: () => void;
}

/** Who is signed in, how to reach the agency (A1.31), how the pages look, and the way out. */
export function AccountMenu({ onSignOut }: AccountMenuProps) {
  const t = useMessages();
  const id = useId();
  const { user, agency, insured } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const frame = useClickOutside<HTMLDivElement>(() => setOpen(false));
  return (
    // Escape closes what the button opened, wherever in it the focus is.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={frame}
      className={classes.frame}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
      onBlur={(event) => {
        // Tabbing out of it closes it; a click on nothing keeps the focus nowhere.
        const next = event.relatedTarget;
        if (next instanceof Node && !event.currentTarget.contains(next)) setOpen(false);
      }}
    >
      <UnstyledButton
        ref={button}
        className={classes.button}
        aria-label={t.shell.accountMenu}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((shown) => !shown)}
      >
        <IconUserCircle size={28} stroke={1.5} aria-hidden />
      </UnstyledButton>
      <div id={id} className={classes.panel} hidden={!open}>
        <p className={classes.who}>
          <strong>{insured?.name ?? user.display_name}</strong>
          <span>{t.shell.signedInAs(user.username)}</span>
        </p>
        {agency.phone || agency.email ? (
          <div className={classes.part}>
            <p className={classes.label}>{t.shell.help(agency.name)}</p>
            {agency.phone ? (
              <a className={classes.item} href={`tel:${agency.phone}`}>
                <IconPhone size={18} stroke={1.6} aria-hidden />
                {t.reach.call(agency.phone)}
              </a>
            ) : null}
            {agency.email ? (
              <a className={classes.item} href={`mailto:${agency.email}`}>
                <IconMail size={18} stroke={1.6} aria-hidden />
                {t.reach.mail(agency.email)}
              </a>
            ) : null}
          </div>
        ) : null}
        <fieldset className={classes.part}>
          <legend className={classes.label}>{t.shell.appearance}</legend>
          {SCHEMES.map((scheme) => (
            <label key={scheme} className={classes.item}>
              <input
                type="radio"
                name={`${id}-scheme`}
                className={classes.radio}
                checked={colorScheme === scheme}
                onChange={() => setColorScheme(scheme)}
              />
              {t.shell[scheme]}
            </label>
          ))}
        </fieldset>
        <div className={classes.part}>
          <UnstyledButton className={classes.item} onClick={onSignOut}>
            <IconLogout size={18} stroke={1.6} aria-hidden />
            {t.shell.signOut}
          </UnstyledButton>
        </div>
      </div>
    </div>
  );
}
