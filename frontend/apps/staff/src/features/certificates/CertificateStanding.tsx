import type { components } from "@countersign/api/schema";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";

export interface CertificateStandingProps {
  readonly row: Pick<
    components["schemas"]["CertificateRow"],
    "state" | "revision" | "withdrawal" | "superseded_by" | "cover_ends_on"
  >;
}

/** What became of a certificate: withdrawn, superseded by one that is a step away, or standing with cover that ended. */
export function CertificateStanding({ row }: CertificateStandingProps) {
  const t = useMessages();
  const format = useFormat();
  if (row.state === "withdrawn") {
    const { withdrawal } = row;
    return (
      <span title={withdrawal?.reason ?? undefined}>
        <StatusBadge tone="bad">
          {t.certificates.states.withdrawn}
          {withdrawal ? ` ${format.ago(withdrawal.at)}` : ""}
        </StatusBadge>
      </span>
    );
  }
  if (row.state === "superseded" && row.superseded_by) {
    return (
      <StatusBadge tone="quiet">
        <LinkAnchor {...paths.certificate(row.superseded_by)}>
          {t.certificates.supersededBy(row.revision + 1)}
        </LinkAnchor>
      </StatusBadge>
    );
  }
  if (row.state === "issued" && row.cover_ends_on <= format.today()) {
    return (
      <StatusBadge tone="warn">
        {t.certificates.endedSince(format.date(row.cover_ends_on))}
      </StatusBadge>
    );
  }
  return <StatusBadge tone="good">{t.certificates.states[row.state]}</StatusBadge>;
}
