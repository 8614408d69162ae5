import "../../kit/fields.css";
import { problemOf, type ProblemError, shareOut } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { sentence } from "@countersign/ui/sentence";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ActionBar } from "../../ActionBar";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useInsured } from "../../session";
import {
  type Draft,
  formField,
  type HolderForm,
  missingOf,
  printOf,
  type UsedHolder,
} from "./draft";
import { HolderChoice } from "./HolderChoice";
import { MasterChoice } from "./MasterChoice";
import { NewHolder } from "./NewHolder";
import { previewQuery } from "./preview";

export interface StepWhatProps {
  readonly masters: readonly components["schemas"]["Master"][];
  readonly holders: readonly UsedHolder[];
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly onNext: () => void;
}

interface Faults {
  readonly master: string | null;
  readonly holder: string | null;
  readonly form: Partial<Record<keyof HolderForm, string>>;
}

const NO_FAULTS: Faults = { master: null, holder: null, form: {} };

export function StepWhat({ masters, holders, draft, onChange, onNext }: StepWhatProps) {
  const t = useMessages();
  const insured = useInsured();
  const cache = useQueryClient();
  const element = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  useFirstFault(element, busy);
  const someoneNew = draft.someoneNew || holders.length === 0;

  function missing(): Faults {
    const blank = someoneNew ? missingOf(draft.form) : [];
    return {
      master: draft.master === null ? t.send.what.masterMissing : null,
      holder: !someoneNew && draft.holder === null ? t.send.what.holderMissing : null,
      form: Object.fromEntries(blank.map((part) => [part, t.send.holder.missing[part]])),
    };
  }

  async function look() {
    setProblem(null);
    const print = printOf({ ...draft, someoneNew });
    if (print === null) {
      setFaults(missing());
      return;
    }
    setBusy(true);
    try {
      // The server reads what was entered; its faults belong here, not on the next page.
      await cache.query(previewQuery(insured.id, print));
      onNext();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const { beside, homeless } = shareOut(trouble, (field) => formField(field) !== null);
      const form: Partial<Record<keyof HolderForm, string>> = {};
      for (const [field, text] of Object.entries(beside)) {
        const name = formField(field);
        if (name !== null) form[name] = sentence(text);
      }
      setFaults({ ...NO_FAULTS, form });
      if (homeless.length > 0 || Object.keys(beside).length === 0) setProblem(trouble);
      setBusy(false);
    }
  }

  return (
    <form
      ref={element}
      noValidate
      data-task
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
    >
      <MasterChoice
        masters={masters}
        chosen={draft.master}
        onChoose={(master) => {
          onChange({ master });
          setFaults((before) => ({ ...before, master: null }));
        }}
        error={faults.master}
      />
      {someoneNew ? (
        <NewHolder
          form={draft.form}
          errors={faults.form}
          once={draft.once}
          onOnce={(once) => onChange({ once })}
          onChange={(form) => {
            onChange({ form, someoneNew: true, holder: null, to: null });
            const changed = Object.entries(form).find(
              ([name, value]) =>
                Object.entries(draft.form).find(([other]) => other === name)?.[1] !== value,
            );
            setFaults((before) => ({
              ...before,
              form: Object.fromEntries(
                Object.entries(before.form).filter(([name]) => name !== changed?.[0]),
              ),
            }));
          }}
          onFromList={holders.length === 0 ? null : () => onChange({ someoneNew: false, to: null })}
        />
      ) : (
        <HolderChoice
          holders={holders}
          chosen={draft.holder}
          onChoose={(holder) => {
            onChange({ holder, to: null });
            setFaults((before) => ({ ...before, holder: null }));
          }}
          onSomeoneNew={() => {
            onChange({ someoneNew: true, holder: null, to: null });
            setFaults(NO_FAULTS);
          }}
          error={faults.holder}
        />
      )}
      {problem === null ? null : <ProblemAlert problem={problem} />}
      <ActionBar>
        <LinkButton {...paths.home()} variant="default" size="lg">
          {t.send.leave}
        </LinkButton>
        <Button type="submit" size="lg" loading={busy}>
          {t.send.what.next}
        </Button>
      </ActionBar>
    </form>
  );
}
