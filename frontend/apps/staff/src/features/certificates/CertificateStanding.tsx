import type { components } from "@countersign/api/schema";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";

export interface CertificateStandingProps {
  readonly row: Pick<
    components["schemas"]["CertificateRow"],
    "state" | "revision" | "withdrawal" | "superseded_by"
  >;
}

/** What became of a certificate that no longer stands; of a superseded one the newer one is a step away. */
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
  return <StatusBadge tone="good">{t.certificates.states[row.state]}</StatusBadge>;
}
