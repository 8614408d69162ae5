import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";
import type { Channel } from "./ChannelField";
import classes from "./EndorsementsField.module.css";
import { isResendTooHeavy, mailBytes } from "./resend-weight";

export interface ResendFilesProps {
  readonly certificate: Pick<components["schemas"]["Certificate"], "size_bytes" | "attachments">;
  readonly channel: Channel;
}

/** The endorsements that go with a certificate whenever it is sent again, and whether one mail carries them. */
export function ResendFiles({ certificate, channel }: ResendFilesProps) {
  const t = useMessages();
  const format = useFormat();
  const { attachments } = certificate;
  if (attachments.length === 0) return null;
  const size = format.bytes(mailBytes(certificate));
  return (
    <section className={classes.field} aria-label={t.attachments.goes}>
      <h3 className={classes.title}>{t.attachments.goes}</h3>
      <ul className={classes.files}>
        {attachments.map((file) => (
          <li key={file.ordinal} className={classes.row}>
            <span>
              {t.attachments.behindRow(`${file.form_number} ${file.edition}`, file.title)}
            </span>
            <span className={classes.soft}>{format.bytes(file.size_bytes)}</span>
          </li>
        ))}
      </ul>
      {isResendTooHeavy(certificate, channel) ? (
        <p className={classes.fault} role="alert">
          {t.attachments.linkInstead(size, format.bytes(MAX_MAIL_BYTES))}
        </p>
      ) : (
        <p className={classes.soft}>{t.attachments.total(size)}</p>
      )}
    </section>
  );
}
