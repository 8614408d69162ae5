import "../../kit/dialogs.css";
import "../../kit/emails.css";
import "../../kit/fields.css";
import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { isProblem, problemOf, type ProblemError, shareOut } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { sentence } from "@countersign/ui/sentence";
import { useFormat } from "@countersign/ui/UiProvider";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Checkbox, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";

type ResendBody = components["schemas"]["ResendBody"];

export interface SendAgainProps {
  readonly certificate: components["schemas"]["Certificate"];
  readonly onClose: () => void;
  /** It was queued, in words. */
  readonly onSent: (said: string) => void;
}

function fieldHere(field: string): "to" | "message" | null {
  if (field.startsWith("recipients")) return "to";
  return field === "message" ? "message" : null;
}

/** The same page once more: as it went last, or to other people and with other words. */
export function SendAgain({ certificate, onClose, onSent }: SendAgainProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const last = certificate.deliveries[0];
  const [start] = useState({
    to: [...(last?.to ?? [])],
    cc: [...(last?.cc ?? [])],
    message: last?.message ?? "",
  });
  const [to, setTo] = useState(start.to);
  const [cc, setCc] = useState(start.cc);
  const [message, setMessage] = useState(start.message);
  const [intent] = useState(() => new Intent());
  const [errors, setErrors] = useState<{ to?: string; message?: string }>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const changed = JSON.stringify({ to, cc, message }) !== JSON.stringify(start);
  const words = t.certificates.again;

  async function send() {
    // The field says what is wrong with it.
    if (unfinished.any) return;
    setProblem(null);
    if (to.length === 0) {
      setErrors({ to: words.missing });
      return;
    }
    setErrors({});
    setBusy(true);
    const body: ResendBody = changed
      ? {
          kind: "edited",
          recipients: { to, cc },
          subject: last?.subject ?? null,
          message: message.trim() === "" ? null : message.trim(),
        }
      : { kind: "exact_copy" };
    try {
      await client.POST("/v1/certificates/{certificate}/deliveries", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/certificates/{certificate}", { certificate: certificate.id });
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/portal/home");
      onSent(words.done(format.list([...to, ...cc])));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const { beside } = shareOut(trouble, (field) => fieldHere(field) !== null);
      const next: { to?: string; message?: string } = {};
      for (const [field, text] of Object.entries(beside)) {
        const here = fieldHere(field);
        if (here === null) continue;
        const wrong = to[Number(/^recipients\.to\.(\d+)$/.exec(field)?.[1] ?? Number.NaN)];
        next[here] ??= wrong === undefined ? sentence(text) : words.wrong(wrong);
      }
      setErrors(next);
      if (Object.keys(next).length === 0) setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={words.title}
      submitLabel={words.send(to.length + cc.length)}
      busy={busy}
      dirty={changed}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={
        problem === null
          ? null
          : isProblem(problem, "certificate_term_ended")
            ? {
                problem,
                fix: (
                  <LinkButton {...paths.send({ master: certificate.master.id })} size="sm">
                    {words.sendNew}
                  </LinkButton>
                ),
              }
            : { problem }
      }
    >
      <Text component="p" m={0}>
        {words.text(certificate.number, certificate.holder_name)}
      </Text>
      <EmailsField
        label={words.to}
        value={to}
        onChange={(next) => {
          setTo(next);
          setErrors({});
        }}
        suggestions={certificate.contacts.map((contact) => contact.email)}
        onUnfinished={unfinished.of("to")}
        error={errors.to}
      />
      {start.cc.map((email) => (
        <Checkbox
          key={email}
          size="md"
          label={words.copyTo(email)}
          checked={cc.includes(email)}
          onChange={({ currentTarget: { checked } }) => {
            setCc(start.cc.filter((each) => (each === email ? checked : cc.includes(each))));
            setErrors({});
          }}
        />
      ))}
      <Textarea
        label={words.message}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
        error={errors.message}
        autosize
        minRows={3}
        maxRows={8}
        maxLength={5000}
      />
    </FormDialog>
  );
}
