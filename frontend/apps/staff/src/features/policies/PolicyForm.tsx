import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Conflict } from "../../Conflict";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { policyQuery } from "../../insured";
import { FormFoot } from "../../FormFoot";
import { useMessages } from "../../messages/MessagesProvider";
import { oneOf } from "../../search-params";
import { useConflict } from "../../use-conflict";
import { forReading, forSending } from "./amounts";
import { CoverageFields } from "./CoverageFields";
import { InsurerField } from "./InsurerField";
import classes from "./PolicyForm.module.css";
import { takeOverTerms, termFacts } from "./term-facts";

type PolicyTerms = components["schemas"]["PolicyTerms"];
type PolicyRecord = components["schemas"]["PolicyRecord"];

/** What a new term takes along. */
export interface Carried {
  readonly endorsements: readonly string[];
  readonly vehicles: boolean;
}

export interface PolicyFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly record: PolicyRecord;
  readonly start: PolicyTerms;
  /** A new term: with a choice of what goes along, and without a version to be stale. */
  readonly renewal?: boolean;
  readonly submitLabel: string;
  /** Why nothing can be changed; null when it can. */
  readonly readOnlyReason: string | null;
  readonly onSave: (terms: PolicyTerms, version: number, carried: Carried) => Promise<void>;
  readonly onCancel: () => void;
}

const STATUSES = ["quoted", "bound", "active", "non_renewed", "expired"] as const;
const AUTHORITIES = ["not_known", "agency", "wholesaler"] as const;
const ADMITTED = "admitted";
const CANCELLED = "cancelled";

function inWords(terms: PolicyTerms): PolicyTerms {
  return { ...terms, coverage: forReading(terms.coverage) };
}

function isShown(field: string): boolean {
  return field !== "coverage" && field !== "coverage.line";
}

/** What a policy says of itself: to be changed, or as a new term. */
export function PolicyForm({
  draftKey,
  record,
  start,
  renewal = false,
  submitLabel,
  readOnlyReason,
  onSave,
  onCancel,
}: PolicyFormProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const element = useRef<HTMLFormElement>(null);
  const { draft, change, dirty } = useDraft(`policy ${draftKey}`, () => ({
    terms: inWords(start),
    endorsements: record.policy.endorsements.filter((form) => !form.ends_on).map((form) => form.id),
    vehicles: record.policy.vehicles.length > 0,
  }));
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...policyQuery(id), staleTime: 0 }),
  );
  const { base } = conflict;
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const readOnly = readOnlyReason !== null;
  const { terms } = draft;
  useFirstFault(element, busy);

  function set(changed: Partial<PolicyTerms>) {
    change((last) => ({ ...last, terms: { ...last.terms, ...changed } }));
    const fields = Object.keys(changed);
    setErrors((last) =>
      Object.fromEntries(
        Object.entries(last).filter(
          ([field]) => !fields.some((each) => field === each || field.startsWith(`${each}.`)),
        ),
      ),
    );
  }

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await onSave({ ...terms, coverage: forSending(terms.coverage) }, base.version, draft);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const prefix = renewal ? "/terms" : "";
      const fields = trouble.fields.map((field) =>
        field.pointer.startsWith(`${prefix}/`)
          ? { ...field, pointer: field.pointer.slice(prefix.length) }
          : field,
      );
      const shares = shareFaults({ fields }, isShown, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  const p = t.policies;
  const cancelled = !renewal && base.policy.status === "cancelled";
  return (
    <form
      ref={element}
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={(of) => inWords(of.terms)}
        facts={(values) => termFacts(values, t, format)}
        mine={terms}
        takeOver={takeOverTerms}
        onSettle={(decided) => change((last) => ({ ...last, terms: decided(last.terms) }))}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      {readOnlyReason === null ? null : <p className={classes.note}>{readOnlyReason}</p>}
      <Section title={p.identity} {...(renewal ? { note: p.renewNote } : {})}>
        <div className={classes.fields}>
          <TextInput
            label={p.number}
            description={p.numberHint}
            withAsterisk
            value={terms.number}
            onChange={(event) => set({ number: event.currentTarget.value })}
            error={errors["number"]}
            readOnly={readOnly}
            autoComplete="off"
          />
          <Select
            label={p.status}
            description={cancelled ? p.statusHintCancelled : p.statusHint}
            data={[
              ...(cancelled ? [{ value: CANCELLED, label: p.statuses.cancelled }] : []),
              ...STATUSES.map((word) => ({ value: word, label: p.statuses[word] })),
            ]}
            value={terms.status ?? CANCELLED}
            onChange={(chosen) => set({ status: oneOf(STATUSES, chosen) ?? null })}
            error={errors["status"]}
            allowDeselect={false}
            readOnly={readOnly}
          />
          <DateField
            label={p.effective}
            value={terms.effective_on === "" ? null : terms.effective_on}
            onChange={(day) => set({ effective_on: day ?? "" })}
            error={errors["effective_on"]}
            required
            readOnly={readOnly}
          />
          <DateField
            label={p.expires}
            value={terms.expires_on === "" ? null : terms.expires_on}
            onChange={(day) => set({ expires_on: day ?? "" })}
            error={errors["expires_on"]}
            required
            readOnly={readOnly}
          />
          <TextInput
            className={classes.wide ?? ""}
            label={p.namedInsured}
            description={p.namedInsuredHint}
            value={terms.named_insured}
            onChange={(event) => set({ named_insured: event.currentTarget.value })}
            error={errors["named_insured"]}
            readOnly={readOnly}
            autoComplete="off"
          />
          <InsurerField
            value={terms.insurer}
            onChange={(insurer) => set({ insurer })}
            errors={errors}
            readOnly={readOnly}
          />
        </div>
      </Section>
      <Section title={p.market} note={p.marketNote}>
        <div className={classes.fields}>
          <Select
            label={p.whoIssues}
            data={[
              { value: ADMITTED, label: p.admitted },
              ...AUTHORITIES.map((word) => ({ value: word, label: p.authorities[word] })),
            ]}
            value={terms.issuing_authority ?? ADMITTED}
            onChange={(chosen) =>
              set({ issuing_authority: oneOf(AUTHORITIES, chosen) ?? null, wholesaler: null })
            }
            error={errors["issuing_authority"]}
            allowDeselect={false}
            readOnly={readOnly}
          />
          {terms.issuing_authority === "wholesaler" ? (
            <TextInput
              label={p.wholesaler}
              withAsterisk
              value={terms.wholesaler ?? ""}
              onChange={(event) => set({ wholesaler: event.currentTarget.value })}
              error={errors["wholesaler"]}
              readOnly={readOnly}
              autoComplete="off"
            />
          ) : null}
        </div>
      </Section>
      <Section title={p.coverageOf(t.lines.full[terms.coverage.line])} note={p.coverageNote}>
        <CoverageFields
          value={terms.coverage}
          onChange={(coverage) => set({ coverage })}
          errors={errors}
          readOnly={readOnly}
        />
      </Section>
      {renewal && record.policy.endorsements.length + record.policy.vehicles.length > 0 ? (
        <Section title={p.carried} note={p.carriedNote}>
          <div className={classes.carried}>
            {record.policy.endorsements.map((form) => (
              <Checkbox
                key={form.id}
                label={`${form.form_number} ${form.edition} – ${form.title}`}
                checked={draft.endorsements.includes(form.id)}
                onChange={({ currentTarget: { checked } }) =>
                  change((last) => ({
                    ...last,
                    endorsements: checked
                      ? [...last.endorsements, form.id]
                      : last.endorsements.filter((id) => id !== form.id),
                  }))
                }
                disabled={readOnly}
              />
            ))}
            {record.policy.vehicles.length === 0 ? null : (
              <Checkbox
                label={p.carriedVehicles(record.policy.vehicles.length)}
                checked={draft.vehicles}
                onChange={({ currentTarget: { checked } }) =>
                  change((last) => ({ ...last, vehicles: checked }))
                }
                disabled={readOnly}
              />
            )}
          </div>
        </Section>
      ) : null}
      <FormFoot
        submitLabel={submitLabel}
        busy={busy}
        readOnly={readOnly}
        disabled={conflict.newest !== null}
        onCancel={onCancel}
      />
    </form>
  );
}
