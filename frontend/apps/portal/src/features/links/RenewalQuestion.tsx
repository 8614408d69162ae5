import "../../kit/fields.css";
import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat } from "@countersign/ui/UiProvider";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { type Gone, goneOf } from "./LinkGone";
import { LinkPage } from "./LinkPage";
import classes from "./RenewalQuestion.module.css";

export interface RenewalQuestionProps {
  readonly question: components["schemas"]["LinkedQuestion"];
  readonly token: string;
  readonly onDone: () => void;
  readonly onGone: (why: Gone) => void;
}

/** Who still needs a certificate: everybody by name and city, to be ticked, and sent once. */
export function RenewalQuestion({ question, token, onDone, onGone }: RenewalQuestionProps) {
  const t = useMessages();
  const format = useFormat();
  const { agency, holders } = question;
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);

  function tick(id: string, on: boolean) {
    setWanted((last) => {
      const next = new Set(last);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  }

  async function send() {
    setProblem(null);
    setMissing(name.trim() === "");
    if (name.trim() === "") return;
    setBusy(true);
    try {
      await client.POST("/v1/renewal-links/answer", {
        body: {
          token,
          name,
          holder_ids: [...wanted],
          ...(note.trim() === "" ? {} : { note }),
        },
      });
      onDone();
    } catch (thrown) {
      const why = goneOf(thrown);
      if (why === null) setProblem(problemOf(thrown));
      else onGone(why);
      setBusy(false);
    }
  }

  return (
    <LinkPage agency={agency} title={t.links.renewal.title}>
      <p className={classes.intro}>{t.links.renewal.intro(question.insured_name, agency.name)}</p>
      {question.message ? <p className={classes.message}>{question.message}</p> : null}
      <form
        ref={form}
        noValidate
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className={classes.holders}>
          <legend className={classes.legend}>{t.links.renewal.holders}</legend>
          {holders.length < 2 ? null : (
            <Button
              variant="default"
              size="sm"
              onClick={() =>
                setWanted(
                  wanted.size === holders.length
                    ? new Set()
                    : new Set(holders.map((holder) => holder.id)),
                )
              }
            >
              {wanted.size === holders.length
                ? t.links.renewal.tickNone
                : t.links.renewal.tickAll(holders.length)}
            </Button>
          )}
          {holders.map((holder) => (
            <Checkbox
              key={holder.id}
              size="md"
              label={holder.name}
              description={holder.city}
              checked={wanted.has(holder.id)}
              onChange={(event) => tick(holder.id, event.currentTarget.checked)}
            />
          ))}
        </fieldset>
        <Textarea
          label={t.links.renewal.note}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
        />
        <TextInput
          label={t.links.renewal.name}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setMissing(false);
          }}
          error={missing ? t.links.renewal.nameMissing : null}
          autoComplete="name"
        />
        {problem === null ? null : <ProblemAlert problem={problem} />}
        <p className={classes.count} role="status">
          {t.links.renewal.count(wanted.size, holders.length)}
        </p>
        <Button type="submit" size="lg" loading={busy}>
          {t.links.renewal.send}
        </Button>
        <p className={classes.once}>
          {t.links.renewal.once(format.longDate(format.today(Date.parse(question.expires_at))))}
        </p>
      </form>
    </LinkPage>
  );
}
