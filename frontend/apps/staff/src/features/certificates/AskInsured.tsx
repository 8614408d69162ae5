import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./AskInsured.module.css";
import { Concerns } from "../../Concerns";
import { useRecipientCheck } from "../../use-recipient-check";

type Question = components["schemas"]["RenewalQuestion"];

export interface AskInsuredProps {
  readonly insured: components["schemas"]["Insured"];
  readonly master: string;
  readonly holders: number;
  readonly question: Question | null;
}

/** Asks the insured who still needs a certificate, and tells what came of it. */
export function AskInsured({ insured, master, holders, question }: AskInsuredProps) {
  const t = useMessages();
  const [asking, setAsking] = useState(false);
  const may = insured.may.includes("send_certificate");
  return (
    <div className={classes.ask}>
      {question === null ? (
        <p className={classes.line}>{t.batches.asking.none}</p>
      ) : (
        <Standing question={question} />
      )}
      <GuardedButton
        variant="default"
        size="xs"
        reason={may ? null : t.batches.mayNot}
        onClick={() => setAsking(true)}
      >
        {question === null ? t.batches.asking.ask : t.batches.asking.askAgain}
      </GuardedButton>
      {asking ? (
        <AskDialog
          insured={insured}
          master={master}
          holders={holders}
          replaces={question?.state === "asked"}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}

function Standing({ question }: { readonly question: Question }) {
  const t = useMessages();
  const format = useFormat();
  const tone = { asked: "pending", answered: "good", expired: "quiet" } as const;
  const back = question.state === "answered" ? [] : question.came_back;
  const day = (instant: string) => format.date(format.today(Date.parse(instant)));
  return (
    <div className={classes.standing}>
      {back.length === 0 ? (
        <StatusBadge tone={tone[question.state]}>
          {t.batches.asking.states[question.state]}
        </StatusBadge>
      ) : (
        <StatusBadge tone="bad">{t.deliveries.outcomes.bounced}</StatusBadge>
      )}
      <p className={classes.line}>
        {t.batches.asking.askedOf(
          format.list(question.to),
          question.asked_by_name,
          format.moment(question.asked_at),
        )}{" "}
        {question.state === "asked" ? t.batches.asking.until(day(question.expires_at)) : null}
      </p>
      {back.map(({ address, reason }) => (
        <p key={address} className={classes.line}>
          {t.deliveries.cameBackFrom(address, reason)}
        </p>
      ))}
      {question.answered_at ? (
        <p className={classes.line}>
          {t.batches.asking.answeredBy(
            question.answered_by_name ?? "",
            format.moment(question.answered_at),
            question.wanted ?? 0,
            question.holders,
          )}
        </p>
      ) : null}
      {question.note ? <p className={classes.note}>{question.note}</p> : null}
    </div>
  );
}

interface AskDialogProps {
  readonly insured: components["schemas"]["Insured"];
  readonly master: string;
  readonly holders: number;
  /** A question that waits is replaced by this one. */
  readonly replaces: boolean;
  readonly onClose: () => void;
}

function AskDialog({ insured, master, holders, replaces, onClose }: AskDialogProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const preset = insured.email ? [insured.email] : [];
  const [to, setTo] = useState<readonly string[]>(preset);
  const [message, setMessage] = useState("");
  const [intent] = useState(() => new Intent());
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const check = useRecipientCheck(to, [], null);
  const suggestions = [
    ...preset,
    ...insured.contacts.map((contact) => contact.email).filter((email) => email != null),
  ];

  async function ask() {
    // The field says what is wrong with it.
    if (unfinished.any) return;
    if (to.length === 0) {
      setMissing(true);
      return;
    }
    setBusy(true);
    setProblem(null);
    const body = { to: [...to], ...(message.trim() === "" ? {} : { message }) };
    try {
      await client.POST("/v1/insureds/{insured}/masters/{master}/renewal/question", {
        params: { path: { insured: insured.id, master } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      toastDone(t.batches.asking.asked);
      onClose();
      void invalidate(cache, "/v1/tasks");
      await invalidate(cache, "/v1/insureds/{insured}", { insured: insured.id });
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.batches.asking.title}
      submitLabel={t.batches.asking.send}
      busy={busy}
      dirty={message !== ""}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
      problem={problem === null ? null : { problem }}
    >
      <Text component="p" m={0}>
        {t.batches.asking.text(holders)}
        {replaces ? ` ${t.batches.asking.replaces}` : ""}
      </Text>
      <EmailsField
        label={t.certificates.to}
        value={[...to]}
        onChange={(next) => {
          setTo(next);
          setMissing(false);
        }}
        onUnfinished={unfinished.of("to")}
        suggestions={suggestions}
        error={missing ? t.certificates.recipientMissing : undefined}
        required
      />
      <Concerns concerns={check.concerns} failed={check.failed} />
      <Textarea
        label={t.certificates.message}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={10}
      />
    </FormDialog>
  );
}
