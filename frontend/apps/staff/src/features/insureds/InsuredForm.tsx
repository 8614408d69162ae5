import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Input, SegmentedControl, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ADDRESS_FIELDS, addressErrors, addressRules, addressValues } from "../../address-values";
import { AddressFields } from "../../AddressFields";
import { Conflict } from "../../Conflict";
import { takeOver } from "../../conflict-rows";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { FormFoot } from "../../FormFoot";
import { insuredQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "../../RecordForm.module.css";
import { useConflict } from "../../use-conflict";
import {
  bodyOf,
  EMPTY,
  insuredFacts,
  type InsuredRecord,
  type InsuredValues,
  PARTS,
  valuesOf,
} from "./insured-values";

type InsuredBody = components["schemas"]["InsuredBody"];

export interface InsuredFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  /** The insured that is changed; null for a new one. */
  readonly record: InsuredRecord | null;
  readonly submitLabel: string;
  /** With the version that the change is made from; 0 for a new one. */
  readonly onSave: (body: InsuredBody, version: number) => Promise<void>;
  readonly onCancel: () => void;
}

const FIELDS = new Set<string>([
  "name",
  "dba",
  "kind",
  "trade",
  "email",
  "phone",
  "customer_id",
  "fein",
  ...ADDRESS_FIELDS,
]);

/** Creates or changes an insured. The server's sentences land beside the fields they speak of. */
export function InsuredForm({ draftKey, record, submitLabel, onSave, onCancel }: InsuredFormProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...insuredQuery(id), staleTime: 0 }),
  );
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const {
    draft,
    change: keep,
    dirty,
  } = useDraft(`insured ${draftKey}`, () => (record === null ? EMPTY : valuesOf(record)));
  const form = useForm<InsuredValues>({
    initialValues: draft,
    onValuesChange: (values) => keep(() => values),
    validate: {
      name: (name) => (name.trim() === "" ? t.insureds.nameMissing : null),
      address: addressRules(t),
    },
  });

  useFirstFault(element, busy);

  async function save(values: InsuredValues) {
    setBusy(true);
    setProblem(null);
    try {
      await onSave(bodyOf(values), conflict.base?.version ?? 0);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, (field) => FIELDS.has(field), t);
      form.setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  return (
    <form
      ref={element}
      noValidate
      className={classes.form}
      onSubmit={form.onSubmit((values) => void save(values))}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={valuesOf}
        facts={(of) => insuredFacts(of, t)}
        mine={form.values}
        takeOver={(mine, onFile, taken) => takeOver(PARTS, mine, onFile, taken)}
        onSettle={(decided) => form.setValues(decided(form.getValues()))}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      <Section title={t.insureds.identity}>
        <div className={classes.fields}>
          <TextInput
            className={classes.wide ?? ""}
            label={t.insureds.legalName}
            description={t.insureds.legalNameHint}
            withAsterisk
            autoFocus={record === null}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <TextInput label={t.insureds.dba} autoComplete="off" {...form.getInputProps("dba")} />
          <Input.Wrapper label={t.insureds.kind} labelElement="div">
            <SegmentedControl
              aria-label={t.insureds.kind}
              fullWidth
              data={[
                { value: "commercial", label: t.insureds.kinds.commercial },
                { value: "personal", label: t.insureds.kinds.personal },
              ]}
              {...form.getInputProps("kind")}
            />
          </Input.Wrapper>
          <TextInput label={t.insureds.trade} autoComplete="off" {...form.getInputProps("trade")} />
          <TextInput
            label={t.insureds.customerId}
            autoComplete="off"
            {...form.getInputProps("customer_id")}
          />
          <TextInput
            label={t.insureds.fein}
            placeholder={t.insureds.feinHint}
            autoComplete="off"
            {...form.getInputProps("fein")}
          />
        </div>
      </Section>
      <Section title={t.insureds.reach} note={t.insureds.emailNote}>
        <div className={classes.fields}>
          <TextInput
            label={t.insureds.email}
            type="email"
            autoComplete="off"
            {...form.getInputProps("email")}
          />
          <TextInput
            label={t.insureds.phone}
            type="tel"
            autoComplete="off"
            {...form.getInputProps("phone")}
          />
        </div>
      </Section>
      <Section title={t.insureds.mailingAddress}>
        <AddressFields
          value={form.values.address}
          onChange={(address) => form.setFieldValue("address", addressValues(address))}
          errors={addressErrors(form.errors)}
        />
      </Section>
      <FormFoot
        submitLabel={submitLabel}
        busy={busy}
        disabled={conflict.newest !== null}
        onCancel={onCancel}
      />
    </form>
  );
}
