import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { EmailsField } from "@countersign/ui/EmailsField";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select, TextInput } from "@mantine/core";
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
import { policiesQuery } from "../../insured";
import { type Interest, interestQuery } from "../../interest";
import { useMessages } from "../../messages/MessagesProvider";
import { SimilarHolders } from "../../SimilarHolders";
import { useConflict } from "../../use-conflict";
import {
  carName,
  formField,
  interestBody,
  interestFacts,
  type InterestValues,
  interestValues,
  isHolder,
  ofHolder,
  PARTS,
} from "./interest-values";
import classes from "./InterestForm.module.css";
import { LinksField } from "./LinksField";
import { NatureField } from "./NatureField";

type Policy = components["schemas"]["Policy"];
type InterestBody = components["schemas"]["InterestBody"];

const KINDS = ["everything", "vehicle", "location", "contract"] as const;

const FIELDS = new Set<string>([
  "name",
  "care_of",
  "emails",
  ...ADDRESS_FIELDS,
  "nature",
  "vehicle",
  "text",
  "reference",
  "from_on",
  "until_on",
  "policies",
]);

export interface InterestFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly start: InterestValues;
  /** The interest that is changed; null for a new one. */
  readonly record: Interest | null;
  readonly policies: readonly Policy[];
  readonly submitLabel: string;
  /** With the version that the change is made from; 0 for a new one. */
  readonly onSave: (body: InterestBody, version: number) => Promise<void>;
  readonly onCancel: () => void;
}

/** Writes down who has a stake, of what nature, in what, and where the policies say so. */
export function InterestForm({
  draftKey,
  start,
  record,
  policies,
  submitLabel,
  onSave,
  onCancel,
}: InterestFormProps) {
  const t = useMessages();
  const i = t.interests;
  const format = useFormat();
  const cache = useQueryClient();
  const conflict = useConflict(record, async ({ id, insured_id }) => {
    // What they wrote it on may have come meanwhile, too.
    await cache.query({ ...policiesQuery(insured_id), staleTime: 0 });
    return cache.query({ ...interestQuery(insured_id, id), staleTime: 0 });
  });
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const element = useRef<HTMLFormElement>(null);
  const { draft, change: keep, dirty } = useDraft(`interest ${draftKey}`, () => start);
  const form = useForm<InterestValues>({
    initialValues: draft,
    onValuesChange: (values) => keep(() => values),
    validate: {
      name: (name) => (name.trim() === "" ? t.holders.nameMissing : null),
      address: addressRules(t),
      nature: (nature) => (nature === null ? i.natureMissing : null),
      vehicle: (vehicle, { kind }) =>
        kind === "vehicle" && vehicle === null ? i.vehicleMissing : null,
      text: (text, { kind }) => {
        if (text.trim() !== "") return null;
        if (kind === "location") return i.locationMissing;
        return kind === "contract" ? i.contractMissing : null;
      },
      from_on: (day) => (day === null ? i.fromMissing : null),
    },
  });
  const { values } = form;
  const cars = policies
    .filter((policy) => values.policies.includes(policy.id))
    .flatMap((policy) => policy.vehicles);
  useFirstFault(element, busy);

  async function save(entered: InterestValues) {
    const body = interestBody(entered);
    // The field of addresses says what is wrong with it.
    if (unfinished.any || body === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(body, conflict.base?.version ?? 0);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, (field) => FIELDS.has(formField(field)), t);
      form.setErrors(
        Object.fromEntries(
          Object.entries(shares.beside).map(([field, sentence]) => [formField(field), sentence]),
        ),
      );
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
      onSubmit={form.onSubmit((entered) => void save(entered))}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={interestValues}
        facts={(of) => interestFacts(of, policies, t, format)}
        mine={form.values}
        takeOver={(mine, onFile, taken) => takeOver(PARTS, mine, onFile, taken)}
        onSettle={(decided) => form.setValues(decided(form.getValues()))}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      <Section title={i.party} note={i.partyNote}>
        <div className={classes.fields}>
          <TextInput
            label={i.legalName}
            description={t.holders.legalNameHint}
            withAsterisk
            autoFocus={record === null}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t.holders.careOf}
            description={t.holders.careOfHint}
            autoComplete="off"
            {...form.getInputProps("care_of")}
          />
          {record === null ? (
            <div className={classes.wide}>
              <SimilarHolders
                name={values.name}
                isThis={(holder) => isHolder(values, holder)}
                action={(holder) => (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t.holders.useThisOf(holder.name)}
                    onClick={() => form.setValues(ofHolder(holder))}
                  >
                    {t.holders.useThis}
                  </Button>
                )}
              />
            </div>
          ) : null}
          <div className={classes.wide}>
            <AddressFields
              value={values.address}
              onChange={(address) => form.setFieldValue("address", addressValues(address))}
              errors={addressErrors(form.errors)}
            />
          </div>
          <div className={classes.wide}>
            <EmailsField
              label={i.emails}
              description={t.holders.reach}
              value={values.emails}
              onChange={(emails) => form.setFieldValue("emails", emails)}
              onUnfinished={unfinished.of("emails")}
              error={form.errors["emails"]}
            />
          </div>
        </div>
      </Section>
      <Section title={i.stake}>
        <div className={classes.fields}>
          <NatureField
            value={values.nature}
            onChange={(nature) => form.setFieldValue("nature", nature)}
            error={form.errors["nature"]}
          />
          <TextInput
            label={i.referenceLong}
            autoComplete="off"
            {...form.getInputProps("reference")}
          />
          <Select
            label={i.itemKind}
            data={KINDS.map((value) => ({ value, label: i.itemKinds[value] }))}
            allowDeselect={false}
            value={values.kind}
            onChange={(kind) => {
              if (kind !== null) form.setFieldValue("kind", kind);
            }}
          />
          {values.kind === "vehicle" ? (
            <Select
              label={i.vehicle}
              description={i.vehicleHint}
              withAsterisk
              searchable={cars.length > 8}
              data={cars.map((car) => ({
                value: car.id,
                label: carName(car, t),
              }))}
              nothingFoundMessage={i.vehicleNone}
              {...form.getInputProps("vehicle")}
            />
          ) : values.kind === "everything" ? null : (
            <TextInput
              label={values.kind === "location" ? i.location : i.contract}
              withAsterisk
              autoComplete="off"
              {...form.getInputProps("text")}
            />
          )}
          <div className={classes.dates}>
            <DateField
              label={i.fromOn}
              value={values.from_on}
              onChange={(day) => form.setFieldValue("from_on", day)}
              error={form.errors["from_on"]}
              required
            />
            <DateField
              label={i.untilOn}
              description={i.untilHint}
              value={values.until_on}
              onChange={(day) => form.setFieldValue("until_on", day)}
              error={form.errors["until_on"]}
            />
          </div>
        </div>
      </Section>
      <Section title={i.policies} note={i.policiesNote}>
        <LinksField
          all={policies}
          policies={values.policies}
          endorsements={values.endorsements}
          onChange={(links) => form.setValues(links)}
          error={form.errors["policies"]}
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
