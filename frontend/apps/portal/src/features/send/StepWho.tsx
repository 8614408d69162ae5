import "../../kit/emails.css";
import "../../kit/fields.css";
import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import {
  type Finding,
  isProblem,
  problemOf,
  type ProblemError,
  shareOut,
} from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { EmailsField } from "@countersign/ui/EmailsField";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { sentence } from "@countersign/ui/sentence";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Button, Checkbox, Stack, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPaperclip } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { ActionBar } from "../../ActionBar";
import { useMessages } from "../../messages/MessagesProvider";
import { useInsured, useSession } from "../../session";
import type { Draft, SendBody } from "./draft";
import { Endorsements, isTooHeavy } from "./Endorsements";
import { Findings } from "./Findings";
import { previewQuery } from "./preview";
import classes from "./StepWho.module.css";

export interface StepWhoProps {
  readonly print: Pick<SendBody, "master_id" | "holder">;
  readonly draft: Draft;
  readonly to: readonly string[];
  readonly holder: string;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly onBack: () => void;
  readonly onSent: (certificate: string) => void;
}

/** `recipients.to.1` is shown beside the field `to`. */
function fieldHere(field: string): "to" | "message" | null {
  if (field.startsWith("recipients")) return "to";
  return field === "message" ? "message" : null;
}

export function StepWho({ print, draft, to, holder, onChange, onBack, onSent }: StepWhoProps) {
  const t = useMessages();
  const insured = useInsured();
  const { agency, user } = useSession();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const [errors, setErrors] = useState<{ to?: string; message?: string }>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState<ProblemError["fields"]>([]);
  const [blocked, setBlocked] = useState<readonly Finding[]>([]);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);
  // Looked at in the step before; what goes along is told from the same answer.
  const preview = useQuery(previewQuery(insured.id, print));
  const tooHeavy = isTooHeavy(preview.data?.enclosures, draft.endorsements);
  const cc = draft.copyMe && !to.includes(user.email) ? [user.email] : [];

  async function send() {
    // The field says what is wrong with it.
    if (unfinished.any) return;
    setProblem(null);
    setBlocked([]);
    if (to.length === 0) {
      setErrors({ to: t.send.who.toMissing });
      return;
    }
    setErrors({});
    setBusy(true);
    const message = draft.message.trim();
    const body: SendBody = {
      ...print,
      recipients: { to: [...to], cc },
      message: message === "" ? null : message,
      ...(draft.endorsements ? {} : { attach_endorsements: false }),
    };
    try {
      const { data } = await client.POST("/v1/insureds/{insured}/certificates", {
        params: { path: { insured: insured.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: insured.id });
      void invalidate(cache, "/v1/portal/home");
      if (data !== undefined) onSent(data.id);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setBusy(false);
      if (isProblem(thrown, "certificate_blocked")) {
        setBlocked(trouble.findings);
        return;
      }
      const shares = shareOut(trouble, (field) => fieldHere(field) !== null);
      const next: { to?: string; message?: string } = {};
      for (const [field, text] of Object.entries(shares.beside)) {
        const here = fieldHere(field);
        if (here === null) continue;
        const wrong = to[Number(/^recipients\.to\.(\d+)$/.exec(field)?.[1] ?? Number.NaN)];
        next[here] ??= wrong === undefined ? sentence(text) : t.send.who.wrong(wrong);
      }
      setErrors(next);
      setHomeless(shares.homeless);
      if (shares.homeless.length > 0 || Object.keys(next).length === 0) setProblem(trouble);
    }
  }

  return (
    <form
      ref={form}
      noValidate
      data-task
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Findings findings={blocked} holder={holder} agency={agency} />
      <Stack gap="lg">
        <EmailsField
          label={t.send.who.to}
          description={t.send.who.toHint}
          value={[...to]}
          onChange={(next) => {
            onChange({ to: next });
            setErrors({});
          }}
          onUnfinished={unfinished.of("to")}
          error={errors.to}
        />
        <Checkbox
          size="md"
          classNames={{ label: classes.copy ?? "" }}
          label={t.send.who.copyMe(user.email)}
          checked={draft.copyMe}
          onChange={(event) => onChange({ copyMe: event.currentTarget.checked })}
        />
        <Textarea
          label={t.send.who.message}
          value={draft.message}
          onChange={(event) => onChange({ message: event.currentTarget.value })}
          error={errors.message}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={5000}
        />
        {preview.data === undefined ? null : (
          <Endorsements
            enclosures={preview.data.enclosures}
            value={draft.endorsements}
            onChange={(endorsements) => {
              setProblem(null);
              onChange({ endorsements });
            }}
          />
        )}
        <div className={classes.facts}>
          <p className={classes.fact}>
            <IconPaperclip size={18} aria-hidden />
            {t.send.who.attached(holder)}
          </p>
          <p className={classes.fact}>{t.send.who.from(agency.name)}</p>
        </div>
        {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      </Stack>
      <ActionBar>
        <Button variant="default" size="lg" onClick={onBack} disabled={busy}>
          {t.send.back}
        </Button>
        <Button type="submit" size="lg" loading={busy} disabled={tooHeavy}>
          {t.send.who.send(to.length + cc.length)}
        </Button>
      </ActionBar>
    </form>
  );
}
