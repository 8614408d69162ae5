import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./Revisions.module.css";

const TONES: Record<components["schemas"]["CertificateStateWord"], Tone> = {
  issued: "good",
  superseded: "quiet",
  withdrawn: "bad",
};

export interface RevisionsProps {
  readonly current: string;
  readonly revisions: readonly components["schemas"]["CertificateRevision"][];
}

/** Every revision of one number, newest first; the one that is open is not a link. */
export function Revisions({ current, revisions }: RevisionsProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <ol className={classes.list}>
      {revisions.map((each) => (
        <li key={each.id} className={classes.revision}>
          {each.id === current ? (
            <strong aria-current="page">{t.certificates.revisionNo(each.revision)}</strong>
          ) : (
            <LinkAnchor {...paths.certificate(each.id)} underline="always">
              {t.certificates.revisionNo(each.revision)}
            </LinkAnchor>
          )}
          <StatusBadge tone={TONES[each.state]}>{t.certificates.states[each.state]}</StatusBadge>
          <span className={classes.soft}>
            {t.certificates.whenByWho(format.moment(each.issued_at), each.sent_by_name)}
          </span>
        </li>
      ))}
    </ol>
  );
}
