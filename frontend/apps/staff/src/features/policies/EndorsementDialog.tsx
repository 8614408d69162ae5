import { client, ifMatch } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Conflict } from "../../Conflict";
import { conflictRows } from "../../conflict-rows";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { policyQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { oneOf } from "../../search-params";
import { EFFECTS, SCOPES } from "./form-words";
import classes from "./PolicyForm.module.css";
import { refreshPolicy } from "./refresh-policy";
import { formFacts } from "./term-facts";

type PolicyRecord = components["schemas"]["PolicyRecord"];
type Endorsement = components["schemas"]["Endorsement"];
type EndorsementBody = components["schemas"]["EndorsementBody"];

export interface EndorsementDialogProps {
  readonly record: PolicyRecord;
  /** The form to change; null to add one. */
  readonly form: Endorsement | null;
  readonly onClose: () => void;
}

const NEW: EndorsementBody = {
  form_number: "",
  edition: "",
  title: "",
  effect: "additional_insured_ongoing",
  scope: "blanket",
  scheduled_parties: [],
  notice_days: null,
  effective_on: null,
  ends_on: null,
};

function bodyOf(form: Endorsement | null): EndorsementBody {
  if (form === null) return NEW;
  return {
    form_number: form.form_number,
    edition: form.edition,
    title: form.title,
    effect: form.effect,
    scope: form.scope,
    scheduled_parties: form.scheduled_parties,
    notice_days: form.notice_days ?? null,
    effective_on: form.effective_on ?? null,
    ends_on: form.ends_on ?? null,
  };
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
  const [base, setBase] = useState({ version: record.version, form });
  const [body, setBody] = useState(() => bodyOf(form));
  const [newest, setNewest] = useState<PolicyRecord | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const e = t.endorsements;

  function set(change: Partial<EndorsementBody>) {
    setBody((last) => ({ ...last, ...change }));
    setErrors({});
  }

  async function save() {
    setBusy(true);
    setProblem(null);
    const path = { policy: record.id };
    try {
      if (form === null) {
        await client.POST("/v1/policies/{policy}/endorsements", {
          params: { path },
          headers: {
            ...ifMatch(base.version),
            "Idempotency-Key": intent.key([body, base.version]),
          },
          body,
        });
        intent.settle();
      } else {
        await client.PUT("/v1/policies/{policy}/endorsements/{endorsement}", {
          params: { path: { ...path, endorsement: form.id } },
          headers: ifMatch(base.version),
          body,
        });
      }
      await refreshPolicy(cache, record);
      toastDone(e.saved(`${body.form_number} ${body.edition}`));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const stale = trouble.slug === "stale_version";
      if (stale) await compare();
      const shares = shareFaults(trouble, isShown, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(stale ? null : trouble);
      setBusy(false);
    }
  }

  /** Somebody else changed the policy first: their form is held against what was entered here. */
  async function compare() {
    try {
      setNewest(await cache.query({ ...policyQuery(record.id), staleTime: 0 }));
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    }
  }

  const onFile = newest?.policy.endorsements.find((each) => each.id === form?.id) ?? null;
  function settle(theirs: ReadonlySet<string>) {
    if (newest === null) return;
    if (theirs.has("form") && onFile !== null) setBody(bodyOf(onFile));
    setBase({ version: newest.version, form: onFile });
    setNewest(null);
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
      disabled={newest !== null}
      dirty={JSON.stringify(body) !== JSON.stringify(bodyOf(form))}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      {newest === null ? null : (
        <Conflict
          rows={conflictRows(
            formFacts(bodyOf(base.form), t, format),
            formFacts(bodyOf(onFile ?? base.form), t, format),
            formFacts(body, t, format),
          )}
          onSettle={settle}
        />
      )}
      <div className={classes.fields}>
        <TextInput
          label={e.number}
          description={e.numberHint}
          withAsterisk
          value={body.form_number}
          onChange={(event) => set({ form_number: event.currentTarget.value })}
          error={errors["form_number"]}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={e.edition}
          description={e.editionHint}
          withAsterisk
          value={body.edition}
          onChange={(event) => set({ edition: event.currentTarget.value })}
          error={errors["edition"]}
          autoComplete="off"
        />
        <TextInput
          className={classes.wide ?? ""}
          label={e.titleOf}
          withAsterisk
          value={body.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          error={errors["title"]}
          autoComplete="off"
        />
        <Select
          label={e.effect}
          data={EFFECTS.map((word) => ({ value: word, label: e.effects[word] }))}
          value={body.effect}
          onChange={(chosen) => {
            const effect = oneOf(EFFECTS, chosen);
            if (effect === undefined) return;
            const notice = effect === "notice_of_cancellation";
            set({ effect, notice_days: notice ? (body.notice_days ?? 30) : null });
          }}
          error={errors["effect"]}
          allowDeselect={false}
          maxDropdownHeight={280}
        />
        {body.effect === "notice_of_cancellation" ? (
          <NumberInput
            label={e.days}
            min={1}
            max={365}
            allowDecimal={false}
            value={body.notice_days ?? ""}
            onChange={(days) => set({ notice_days: typeof days === "number" ? days : null })}
            error={errors["notice_days"]}
          />
        ) : (
          <span />
        )}
        <Select
          label={e.scope}
          data={SCOPES.map((word) => ({ value: word, label: t.policies.scopes[word] }))}
          value={body.scope}
          onChange={(chosen) => {
            const scope = oneOf(SCOPES, chosen);
            if (scope === undefined) return;
            set(scope === "scheduled" ? { scope } : { scope, scheduled_parties: [] });
          }}
          error={errors["scope"]}
          allowDeselect={false}
        />
        {body.scope === "scheduled" ? (
          <TagsInput
            className={classes.wide ?? ""}
            label={e.parties}
            description={e.partiesHint}
            splitChars={[";"]}
            value={body.scheduled_parties ?? []}
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
          value={body.effective_on ?? null}
          onChange={(effective_on) => set({ effective_on })}
          error={errors["effective_on"]}
        />
        <DateField
          label={e.until}
          description={e.untilHint}
          value={body.ends_on ?? null}
          onChange={(ends_on) => set({ ends_on })}
          error={errors["ends_on"]}
        />
      </div>
    </FormDialog>
  );
}
