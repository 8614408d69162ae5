import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { Loading } from "@countersign/ui/Loading";
import { useFormat } from "@countersign/ui/UiProvider";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Checkbox, Skeleton, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NO_FAULTS } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { TemplatePicker } from "../../TemplatePicker";
import { certificateProblem, isFinal } from "./certificate-problem";
import { ChannelField } from "./ChannelField";
import { Concerns } from "../../Concerns";
import { EMPTY_ENVELOPE, lastEnvelope } from "./last-envelope";
import { NotResendable } from "./NotResendable";
import { isResendTooHeavy } from "./resend-weight";
import classes from "./ResendEdited.module.css";
import { ResendFiles } from "./ResendFiles";
import { errorUnder, sendFaults } from "./send-faults";
import { useNewestCertificate } from "./use-newest-certificate";
import { useRecipientCheck } from "../../use-recipient-check";
import { useToastSent } from "./use-toast-sent";

export interface ResendEditedProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/**
 * The same page to other people or with other words, beginning with the last mail; the print itself
 * cannot be changed.
 */
export function ResendEdited({ certificate, onClose }: ResendEditedProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const toastSent = useToastSent();
  const newest = useNewestCertificate(certificate.id);
  const start = newest.certificate === null ? EMPTY_ENVELOPE : lastEnvelope(newest.certificate);
  const [edited, setEdited] = useState<Partial<typeof start>>({});
  const [intent] = useState(() => new Intent());
  const [{ beside: errors, homeless }, setFaults] = useState(NO_FAULTS);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const mail = { ...start, ...edited };
  const to = [...mail.to];
  const cc = [...mail.cc];
  const contacts = newest.certificate?.contacts ?? [];
  const check = useRecipientCheck(to, cc, certificate.holder_id);
  const suggestions = contacts.map((contact) => contact.email);

  function edit(part: Partial<typeof start>) {
    setEdited((last) => ({ ...last, ...part }));
    // What was refused is not what stands there now.
    if (!isFinal(problem)) setProblem(null);
    setFaults(NO_FAULTS);
  }

  async function send() {
    // The field says what is wrong with it.
    if (unfinished.any) return;
    if (to.length === 0) {
      setFaults({ beside: { "recipients.to": t.certificates.recipientMissing }, homeless: [] });
      return;
    }
    setBusy(true);
    setProblem(null);
    setFaults(NO_FAULTS);
    const body = {
      kind: "edited" as const,
      undoable: true,
      channel: mail.channel,
      recipients: { to, cc },
      subject: mail.subject.trim() === "" ? null : mail.subject,
      message: mail.message.trim() === "" ? null : mail.message,
    };
    try {
      const { data } = await client.POST("/v1/certificates/{certificate}/deliveries", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      toastSent(data, t.certificates.resent(format.list([...to, ...cc])));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setFaults(sendFaults(trouble, mail, t));
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  const gone = newest.certificate?.resend_refused ?? null;
  const heavy = newest.certificate !== null && isResendTooHeavy(newest.certificate, mail.channel);
  const refused = certificateProblem(problem, certificate, t);
  const unread =
    newest.problem === null ? null : { problem: newest.problem, onRetry: newest.again };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.certificates.resendEdited}
      submitLabel={gone === null ? t.certificates.resendTo(to.length + cc.length) : null}
      size="lg"
      busy={busy}
      dirty={JSON.stringify(mail) !== JSON.stringify(start)}
      disabled={newest.certificate === null || heavy || isFinal(problem) || check.waiting}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={unread ?? (refused === null ? null : { ...refused, fields: homeless })}
    >
      {gone === null ? (
        <Text component="p" m={0}>
          {t.certificates.resendEditedText(certificate.number, certificate.holder_name)}
        </Text>
      ) : (
        <NotResendable reason={gone} certificate={certificate} />
      )}
      {gone !== null ? null : newest.certificate === null ? (
        unread === null ? (
          <Loading>
            <Skeleton height={300} />
          </Loading>
        ) : null
      ) : (
        <>
          {contacts.length === 0 ? null : (
            <fieldset className={classes.contacts}>
              <legend>{t.certificates.pickContact}</legend>
              <Stack gap={6}>
                {contacts.map((contact) => (
                  <Checkbox
                    key={`${contact.name} ${contact.email}`}
                    label={
                      <>
                        {contact.name} <span className={classes.soft}>{contact.email}</span>
                      </>
                    }
                    checked={to.includes(contact.email)}
                    onChange={(event) =>
                      edit({
                        to: event.currentTarget.checked
                          ? [...to, contact.email]
                          : to.filter((each) => each !== contact.email),
                      })
                    }
                  />
                ))}
              </Stack>
            </fieldset>
          )}
          <EmailsField
            label={t.certificates.to}
            value={to}
            onChange={(next) => edit({ to: next })}
            onUnfinished={unfinished.of("to")}
            suggestions={suggestions}
            error={errorUnder(errors, "recipients.to")}
            required
          />
          <EmailsField
            label={t.certificates.cc}
            value={cc}
            onChange={(next) => edit({ cc: next })}
            onUnfinished={unfinished.of("cc")}
            suggestions={suggestions}
            error={errorUnder(errors, "recipients.cc")}
          />
          <Concerns concerns={check.concerns} failed={check.failed} />
          <TextInput
            label={t.certificates.subject}
            value={mail.subject}
            onChange={(event) => edit({ subject: event.currentTarget.value })}
            error={errors["subject"]}
            autoComplete="off"
          />
          <Textarea
            label={t.certificates.message}
            value={mail.message}
            onChange={(event) => edit({ message: event.currentTarget.value })}
            error={errors["message"]}
            autosize
            minRows={3}
            maxRows={10}
          />
          <TemplatePicker
            kind="message"
            insured={certificate.insured_id}
            policies={newest.certificate.policy_ids}
            holder={certificate.holder_name}
            onPick={({ subject, body }) => edit({ ...(subject ? { subject } : {}), message: body })}
          />
          <ChannelField value={mail.channel} onChange={(channel) => edit({ channel })} />
          <ResendFiles certificate={newest.certificate} channel={mail.channel} />
        </>
      )}
    </FormDialog>
  );
}
