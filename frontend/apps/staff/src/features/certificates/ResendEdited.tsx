import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError, shareOut } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox, Skeleton, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { resendProblem } from "./resend-problem";
import classes from "./ResendEdited.module.css";

type Certificate = components["schemas"]["Certificate"];

export interface ResendEditedProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** The same page to other people or with other words; the print itself cannot be changed. */
export function ResendEdited({ certificate, onClose }: ResendEditedProps) {
  const t = useMessages();
  const full = api.useQuery("get", "/v1/certificates/{certificate}", {
    params: { path: { certificate: certificate.id } },
  });
  if (full.data !== undefined) return <Form certificate={full.data} onClose={onClose} />;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.certificates.resendEdited}
      submitLabel={t.certificates.resendTo(0)}
      disabled
      size="lg"
      onSubmit={(event) => event.preventDefault()}
    >
      {full.error === null ? (
        <Skeleton height={300} />
      ) : (
        <ProblemAlert problem={problemOf(full.error)} onRetry={() => void full.refetch()} />
      )}
    </FormDialog>
  );
}

/** Pointers into the recipients name the list they stand in. */
function inputOf(field: string): string {
  const [first = "", second = ""] = field.split(".");
  return first === "recipients" ? second || "to" : first;
}

function Form({ certificate, onClose }: { certificate: Certificate; onClose: () => void }) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const last = certificate.deliveries
    .toSorted((a, b) => a.queued_at.localeCompare(b.queued_at))
    .at(-1);
  const [start] = useState({
    to: [...(last?.to ?? certificate.delivery?.to ?? [])],
    cc: [...(last?.cc ?? [])],
    subject: last?.subject ?? "",
    message: last?.message ?? "",
  });
  const [to, setTo] = useState(start.to);
  const [cc, setCc] = useState(start.cc);
  const [subject, setSubject] = useState(start.subject);
  const [message, setMessage] = useState(start.message);
  const [intent] = useState(() => new Intent());
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState<ReturnType<typeof shareOut>["homeless"]>([]);
  const [busy, setBusy] = useState(false);
  const dirty = JSON.stringify({ to, cc, subject, message }) !== JSON.stringify(start);
  const suggestions = certificate.contacts.map((contact) => contact.email);

  async function send() {
    if (to.length === 0) {
      setErrors({ to: t.certificates.recipientMissing });
      return;
    }
    setBusy(true);
    setProblem(null);
    setErrors({});
    const body = {
      kind: "edited" as const,
      recipients: { to, cc },
      subject: subject.trim() === "" ? null : subject,
      message: message.trim() === "" ? null : message,
    };
    try {
      await client.POST("/v1/certificates/{certificate}/deliveries", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      toastDone(t.certificates.resent(format.list(to)));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      if (trouble.status !== 0) intent.settle();
      const shares = shareOut(trouble, (field) =>
        ["to", "cc", "subject", "message"].includes(inputOf(field)),
      );
      setErrors(
        Object.fromEntries(
          Object.entries(shares.beside).map(([field, text]) => [inputOf(field), text]),
        ),
      );
      setHomeless(shares.homeless);
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  const refused = resendProblem(problem, certificate.insured_id, certificate.master.id, t);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.certificates.resendEdited}
      submitLabel={t.certificates.resendTo(to.length + cc.length)}
      size="lg"
      busy={busy}
      dirty={dirty}
      disabled={problem?.slug === "certificate_term_ended"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={refused === null ? null : { ...refused, fields: homeless }}
    >
      <Text component="p" m={0}>
        {t.certificates.resendEditedText(certificate.number, certificate.holder_name)}
      </Text>
      {certificate.contacts.length === 0 ? null : (
        <fieldset className={classes.contacts}>
          <legend>{t.certificates.pickContact}</legend>
          <Stack gap={6}>
            {certificate.contacts.map((contact) => (
              <Checkbox
                key={`${contact.name} ${contact.email}`}
                label={
                  <>
                    {contact.name} <span className={classes.soft}>{contact.email}</span>
                  </>
                }
                checked={to.includes(contact.email)}
                onChange={(event) =>
                  setTo(
                    event.currentTarget.checked
                      ? [...to, contact.email]
                      : to.filter((each) => each !== contact.email),
                  )
                }
              />
            ))}
          </Stack>
        </fieldset>
      )}
      <EmailsField
        label={t.certificates.to}
        value={to}
        onChange={setTo}
        suggestions={suggestions}
        error={errors["to"]}
        required
      />
      <EmailsField
        label={t.certificates.cc}
        value={cc}
        onChange={setCc}
        suggestions={suggestions}
        error={errors["cc"]}
      />
      <TextInput
        label={t.certificates.subject}
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
        error={errors["subject"]}
        autoComplete="off"
      />
      <Textarea
        label={t.certificates.message}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
        error={errors["message"]}
        autosize
        minRows={3}
        maxRows={10}
      />
    </FormDialog>
  );
}
