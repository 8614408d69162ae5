import { IconCertificate, IconFileText, IconSend2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { CallAgency } from "../../CallAgency";
import type { AgencyCard } from "../../agency";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { paths } from "../../paths";
import { useAccess } from "../../session";
import classes from "./Tiles.module.css";

/** What one can do: only what the agency opened. */
export function Tiles({ agency }: { readonly agency: AgencyCard }) {
  const t = useMessages();
  const access = useAccess();
  if (!access.send && !access.certificates && !access.policies) {
    return (
      <Part title={t.home.nothingOpen} note={t.home.nothingOpenText(agency.name)}>
        <CallAgency agency={agency} primary />
      </Part>
    );
  }
  return (
    <Part title={t.home.actions}>
      <div className={classes.tiles}>
        {access.send ? (
          <Link {...paths.send()} className={classes.tile} data-primary>
            <IconSend2 size={28} stroke={1.6} aria-hidden />
            <span className={classes.name}>{t.home.send}</span>
            <span className={classes.text}>{t.home.sendText}</span>
          </Link>
        ) : null}
        {access.certificates ? (
          <Link {...paths.certificates()} className={classes.tile}>
            <IconCertificate size={28} stroke={1.6} aria-hidden />
            <span className={classes.name}>{t.home.certificates}</span>
            <span className={classes.text}>{t.home.certificatesText}</span>
          </Link>
        ) : null}
        {access.policies ? (
          <Link {...paths.policies()} className={classes.tile}>
            <IconFileText size={28} stroke={1.6} aria-hidden />
            <span className={classes.name}>{t.home.policies}</span>
            <span className={classes.text}>{t.home.policiesText}</span>
          </Link>
        ) : null}
      </div>
    </Part>
  );
}
