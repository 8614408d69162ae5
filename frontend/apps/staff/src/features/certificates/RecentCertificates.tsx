import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { CertificateStanding } from "./CertificateStanding";
import { DeliveryBadge } from "../../DeliveryBadge";
import classes from "./RecentCertificates.module.css";

export interface RecentCertificatesProps {
  readonly rows: readonly components["schemas"]["CertificateRow"][];
}

/** The last certificates of the agency, whoever sent them. */
export function RecentCertificates({ rows }: RecentCertificatesProps) {
  const t = useMessages();
  const format = useFormat();
  const today = format.today();
  return (
    <Section
      title={t.home.recent}
      actions={<LinkAnchor {...paths.certificates()}>{t.home.allCertificates}</LinkAnchor>}
    >
      {rows.length === 0 ? (
        <p className={classes.soft}>{t.home.noRecent}</p>
      ) : (
        <ul className={classes.list}>
          {rows.map((row) => (
            <li key={row.id} className={classes.row}>
              <span className={classes.who}>
                <LinkAnchor {...paths.certificate(row.id)} c="inherit" fw={500}>
                  {row.holder_name}
                </LinkAnchor>
                <span className={classes.soft}>{t.home.forInsured(row.insured_name)}</span>
              </span>
              <span className={classes.soft}>
                {row.source === "portal" ? t.home.byPortal(row.sent_by_name) : row.sent_by_name},{" "}
                <time dateTime={row.issued_at} title={format.moment(row.issued_at)}>
                  {format.ago(row.issued_at)}
                </time>
              </span>
              <span className={classes.state}>
                {row.state === "issued" && row.cover_ends_on > today ? (
                  <DeliveryBadge delivery={row.delivery ?? null} />
                ) : (
                  <CertificateStanding row={row} />
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
