import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import type { ReactNode } from "react";
import { CoverEnded } from "./CoverEnded";
import { DeliveryBadge } from "./DeliveryBadge";
import { LinkAnchor } from "./LinkAnchor";
import { useMessages } from "./messages/MessagesProvider";
import { paths } from "./paths";
import classes from "./CertificateLines.module.css";

type CertificateRow = components["schemas"]["CertificateRow"];

export interface CertificateLinesProps {
  readonly label: string;
  readonly rows: readonly CertificateRow[];
  readonly actions?: (row: CertificateRow) => ReactNode;
}

/** Certificates as lines that one can tap: for whom, when, and how far the mail got. */
export function CertificateLines({ label, rows, actions }: CertificateLinesProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <ul className={classes.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.id} className={classes.line}>
          <div className={classes.text}>
            <LinkAnchor {...paths.certificate(row.id)} className={classes.holder ?? ""}>
              {row.holder_name}
            </LinkAnchor>
            <span className={classes.soft}>
              {t.certificates.row(row.number, format.longDate(row.issued_on))}
            </span>
            <span className={classes.state}>
              <DeliveryBadge delivery={row.delivery ?? null} />
              <CoverEnded row={row} />
            </span>
          </div>
          {actions === undefined ? null : <div className={classes.actions}>{actions(row)}</div>}
        </li>
      ))}
    </ul>
  );
}
