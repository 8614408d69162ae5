import type { components } from "@countersign/api/schema";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import classes from "./CoverEnded.module.css";
import { useMessages } from "./messages/MessagesProvider";

export interface CoverEndedProps {
  readonly row: Pick<components["schemas"]["CertificateRow"], "state" | "cover_ends_on">;
}

/** That a certificate which stands shows cover that is no longer in force; nothing while it is. */
export function CoverEnded({ row }: CoverEndedProps) {
  const t = useMessages();
  const format = useFormat();
  if (row.state !== "issued" || row.cover_ends_on > format.today()) return null;
  return (
    <span className={classes.ended}>
      <StatusBadge tone="warn">
        {t.certificates.endedSince(format.date(row.cover_ends_on))}
      </StatusBadge>
    </span>
  );
}
