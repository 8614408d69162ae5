import { client, ifMatch } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Conflict } from "../../Conflict";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { policyQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { oneOf } from "../../search-params";
import { useConflict } from "../../use-conflict";
import {
  bodyOf,
  draftOf,
  type EndorsementDraft,
  missingIn,
  type Required,
} from "./endorsement-draft";
import { EFFECTS, SCOPES } from "./form-words";
import classes from "./PolicyForm.module.css";
import { onceMore, readAnew } from "./once-more";
import { refreshPolicy } from "./refresh-policy";
import { formFacts } from "./term-facts";

type PolicyRecord = components["schemas"]["PolicyRecord"];
type Endorsement = components["schemas"]["Endorsement"];

export interface EndorsementDialogProps {
  readonly record: PolicyRecord;
  /** The form to change; null to add one. */
  readonly form: Endorsement | null;
  readonly onClose: () => void;
}

function isShown(field: string): boolean {
  return field.split(".")[0] !== undefined;
}

/** Adds a form to a policy or changes one; its last day takes it off in mid-term. */
export function EndorsementDialog({ record, form, onClose }: EndorsementDialogProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...policyQuery(id), staleTime: 0 }),
  );
  /** What an addition is made to. */
  const [onFile, setOnFile] = useState(record);
  const [draft, setDraft] = useState(() => draftOf(form));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const e = t.endorsements;

  function set(change: Partial<EndorsementDraft>) {
    setDraft((last) => ({ ...last, ...change }));
    setErrors({});
  }

  /** Whether it is on the policy now; not where somebody else has just added the same form. */
  async function add(body: components["schemas"]["EndorsementBody"]): Promise<boolean> {
    const same = ({ policy }: PolicyRecord) =>
      policy.endorsements.filter(
        (each) => each.form_number === body.form_number && each.edition === body.edition,
      ).length;
    const added = await onceMore(
      (version) =>
        client.POST("/v1/policies/{policy}/endorsements", {
          params: {
            path: { policy: record.id },
            header: { ...ifMatch(version), "Idempotency-Key": intent.key([body, version]) },
          },
          body,
        }),
      onFile.version,
      async () => {
        const newest = await readAnew(record);
        setOnFile(newest);
        return newest;
      },
      (newest) => same(newest) > same(onFile),
    );
    intent.settle();
    return added;
  }

  async function save() {
    const missing = missingIn(draft);
    const body = bodyOf(draft);
    if (missing.length > 0 || body === null) {
      const words: Record<Required, string> = {
        form_number: t.faults.empty,
        edition: t.faults.empty,
        title: t.faults.empty,
        effect: e.effectMissing,
        scope: e.scopeMissing,
      };
      setErrors(Object.fromEntries(missing.map((field) => [field, words[field]])));
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      if (form === null) {
        if (!(await add(body))) {
          setErrors({ form_number: e.addedMeanwhile });
          setBusy(false);
          return;
        }
      } else {
        await client.PUT("/v1/policies/{policy}/endorsements/{endorsement}", {
          params: {
            path: { policy: record.id, endorsement: form.id },
            header: ifMatch(conflict.base.version),
          },
          body,
        });
      }
      await refreshPolicy(cache, record);
      toastDone(e.saved(`${body.form_number} ${body.edition}`));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      // There is no older state of a new form that it could be held against.
      const compared = form !== null && (await conflict.meet(trouble));
      const shares = shareFaults(trouble, isShown, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  /** The form as the policy has it; as it was, where the policy does not have it any more. */
  function formIn({ policy }: PolicyRecord): EndorsementDraft {
    return draftOf(policy.endorsements.find((each) => each.id === form?.id) ?? form);
  }

  const parties = Object.entries(errors).find(([field]) => field.startsWith("scheduled_parties"));
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={form === null ? e.add : e.editOf(`${form.form_number} ${form.edition}`)}
      submitLabel={form === null ? e.add : e.save}
      size="lg"
      busy={busy}
      disabled={conflict.newest !== null}
      dirty={JSON.stringify(draft) !== JSON.stringify(draftOf(form))}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      <Conflict
        conflict={conflict}
        valuesOf={formIn}
        facts={(values) => formFacts(values, t, format)}
        mine={draft}
        takeOver={(mine, onFile, taken) => (taken.has("form") ? onFile : mine)}
        onSettle={setDraft}
      />
      <div className={classes.fields}>
        <TextInput
          label={e.number}
          description={e.numberHint}
          withAsterisk
          value={draft.form_number}
          onChange={(event) => set({ form_number: event.currentTarget.value })}
          error={errors["form_number"]}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={e.edition}
          description={e.editionHint}
          withAsterisk
          value={draft.edition}
          onChange={(event) => set({ edition: event.currentTarget.value })}
          error={errors["edition"]}
          autoComplete="off"
        />
        <TextInput
          className={classes.wide ?? ""}
          label={e.titleOf}
          withAsterisk
          value={draft.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          error={errors["title"]}
          autoComplete="off"
        />
        <Select
          label={e.effect}
          placeholder={e.choose}
          withAsterisk
          data={EFFECTS.map((word) => ({ value: word, label: e.effects[word] }))}
          value={draft.effect}
          onChange={(chosen) => {
            const effect = oneOf(EFFECTS, chosen);
            if (effect === undefined) return;
            const notice = effect === "notice_of_cancellation";
            set({ effect, notice_days: notice ? (draft.notice_days ?? 30) : null });
          }}
          error={errors["effect"]}
          allowDeselect={false}
          maxDropdownHeight={280}
        />
        {draft.effect === "notice_of_cancellation" ? (
          <NumberInput
            label={e.days}
            min={1}
            max={365}
            allowDecimal={false}
            value={draft.notice_days ?? ""}
            onChange={(days) => set({ notice_days: typeof days === "number" ? days : null })}
            error={errors["notice_days"]}
          />
        ) : (
          <span />
        )}
        <Select
          label={e.scope}
          placeholder={e.choose}
          withAsterisk
          data={SCOPES.map((word) => ({ value: word, label: t.policies.scopes[word] }))}
          value={draft.scope}
          onChange={(chosen) => {
            const scope = oneOf(SCOPES, chosen);
            if (scope === undefined) return;
            set(scope === "scheduled" ? { scope } : { scope, scheduled_parties: [] });
          }}
          error={errors["scope"]}
          allowDeselect={false}
        />
        {draft.scope === "scheduled" ? (
          <TagsInput
            className={classes.wide ?? ""}
            label={e.parties}
            description={e.partiesHint}
            splitChars={[";"]}
            value={draft.scheduled_parties ?? []}
            onChange={(scheduled_parties) => set({ scheduled_parties })}
            error={parties?.[1]}
            acceptValueOnBlur
          />
        ) : (
          <span />
        )}
        <DateField
          label={e.from}
          description={e.fromHint(format.date(record.policy.effective_on))}
          value={draft.effective_on ?? null}
          onChange={(effective_on) => set({ effective_on })}
          error={errors["effective_on"]}
        />
        <DateField
          label={e.until}
          description={e.untilHint}
          value={draft.ends_on ?? null}
          onChange={(ends_on) => set({ ends_on })}
          error={errors["ends_on"]}
        />
      </div>
    </FormDialog>
  );
}
