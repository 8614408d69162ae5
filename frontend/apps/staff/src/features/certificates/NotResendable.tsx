import type { components } from "@countersign/api/schema";
import { sentence } from "@countersign/ui/sentence";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./NotResendable.module.css";

export interface NotResendableProps {
  /** As the server puts it. */
  readonly reason: string;
  readonly certificate: Pick<
    components["schemas"]["CertificateRow"],
    "insured_id" | "master" | "may"
  >;
}

/** Why a certificate can no longer be resent, and the way to a new one. */
export function NotResendable({ reason, certificate }: NotResendableProps) {
  const t = useMessages();
  return (
    <div className={classes.reason} role="note">
      <p>{sentence(reason)}</p>
      <LinkButton
        {...paths.sendCertificate(certificate.insured_id, { master: certificate.master.id })}
        variant="default"
        size="xs"
      >
        {t.certificates.sendNew}
      </LinkButton>
    </div>
  );
}
