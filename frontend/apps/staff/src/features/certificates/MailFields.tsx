import { EmailsField } from "@countersign/ui/EmailsField";
import type { Unfinished } from "@countersign/ui/use-unfinished";
import { Button, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { TemplatePicker, type TemplateUse } from "../../TemplatePicker";
import { type Channel, ChannelField } from "./ChannelField";
import type { SendDraft } from "./send-draft";
import { errorUnder } from "./send-faults";

type Mail = Pick<SendDraft, "to" | "cc" | "subject" | "message"> & {
  readonly channel: Channel;
};

export interface MailFieldsProps {
  readonly mail: Mail;
  /** How the holder wants the mail to carry the page; null where nobody wrote that down. */
  readonly preferred: Channel | null;
  /** What a template of a message is filled with; none where each mail goes to another holder. */
  readonly template?: TemplateUse;
  readonly onChange: (part: Partial<Mail>) => void;
  readonly unfinished: Unfinished;
  readonly suggestions: readonly string[];
  readonly errors: Record<string, string>;
}

/** Whom the mail goes to and, when wanted, what it says. */
export function MailFields({
  mail,
  preferred,
  template,
  onChange,
  unfinished,
  suggestions,
  errors,
}: MailFieldsProps) {
  const t = useMessages();
  const [asked, setAsked] = useState(mail.subject !== "" || mail.message !== "");
  const more = asked || errors["subject"] !== undefined || errors["message"] !== undefined;
  return (
    <>
      <EmailsField
        label={t.certificates.to}
        value={[...mail.to]}
        onChange={(to) => onChange({ to })}
        onUnfinished={unfinished.of("to")}
        suggestions={suggestions}
        error={errorUnder(errors, "recipients.to")}
        placeholder={t.send.emailHint}
      />
      <EmailsField
        label={t.certificates.cc}
        value={[...mail.cc]}
        onChange={(cc) => onChange({ cc })}
        onUnfinished={unfinished.of("cc")}
        suggestions={suggestions}
        error={errorUnder(errors, "recipients.cc")}
      />
      {more ? (
        <>
          <TextInput
            label={t.certificates.subject}
            placeholder={t.send.subjectHint}
            value={mail.subject}
            onChange={(event) => onChange({ subject: event.currentTarget.value })}
            error={errors["subject"]}
            autoComplete="off"
          />
          <Textarea
            label={t.certificates.message}
            placeholder={t.send.messageHint}
            value={mail.message}
            onChange={(event) => onChange({ message: event.currentTarget.value })}
            error={errors["message"]}
            autosize
            minRows={3}
            maxRows={10}
          />
          {template === undefined ? null : (
            <TemplatePicker
              kind="message"
              {...template}
              onPick={({ subject, body }) =>
                onChange({ ...(subject ? { subject } : {}), message: body })
              }
            />
          )}
        </>
      ) : (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {t.send.addMessage}
        </Button>
      )}
      <ChannelField
        value={mail.channel}
        preferred={preferred}
        onChange={(channel) => onChange({ channel })}
      />
    </>
  );
}
