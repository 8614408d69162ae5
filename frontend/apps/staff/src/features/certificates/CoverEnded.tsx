import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { CertificateStanding } from "./CertificateStanding";
import classes from "./CoverEnded.module.css";

export interface CoverEndedProps {
  readonly certificate: components["schemas"]["Certificate"];
}

/** Which policies on a certificate no longer cover, and why; nothing while all of them do. */
export function CoverEnded({ certificate }: CoverEndedProps) {
  const t = useMessages();
  const format = useFormat();
  const { cover_ended: ended, insured_id: insured } = certificate;
  if (ended.length === 0) return null;
  return (
    <div className={classes.notice} role="note">
      <CertificateStanding row={certificate} />
      <ul className={classes.policies}>
        {ended.map(({ line, policy_id: policy, policy_number: number, on, reason }) => (
          <li key={line}>
            {t.lines.full[line]}{" "}
            {policy == null ? (
              number
            ) : (
              <LinkAnchor {...paths.policy(insured, policy)}>{number}</LinkAnchor>
            )}{" "}
            {t.certificates.endedBecause[reason](format.date(on))}
          </li>
        ))}
      </ul>
      <p className={classes.text}>{t.certificates.endedText}</p>
    </div>
  );
}
