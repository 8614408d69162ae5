import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Select, TagsInput, TextInput } from "@mantine/core";
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
import { holderQuery } from "../../holder";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "../../RecordForm.module.css";
import { SimilarHolders } from "../../SimilarHolders";
import { useConflict } from "../../use-conflict";
import {
  bodyOf,
  EMPTY,
  fieldOf,
  holderFacts,
  type HolderRecord,
  type HolderValues,
  PARTS,
  valuesOf,
} from "./holder-values";

type HolderBody = components["schemas"]["HolderRecordBody"];
export interface HolderFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  /** The holder that is changed; null for a new one. */
  readonly record: HolderRecord | null;
  readonly submitLabel: string;
  /** With the version that the change is made from; 0 for a new one. */
  readonly onSave: (body: HolderBody, version: number) => Promise<void>;
  readonly onCancel: () => void;
}

const FIELDS = new Set<string>([
  "name",
  "care_of",
  "phone",
  "channel",
  "emails",
  "aliases",
  ...ADDRESS_FIELDS,
]);

/** Creates or changes a holder. The server's sentences land beside the fields they speak of. */
export function HolderForm({ draftKey, record, submitLabel, onSave, onCancel }: HolderFormProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...holderQuery(id), staleTime: 0 }),
  );
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const element = useRef<HTMLFormElement>(null);
  const {
    draft,
    change: keep,
    dirty,
  } = useDraft(`holder ${draftKey}`, () => (record === null ? EMPTY : valuesOf(record)));
  const form = useForm<HolderValues>({
    initialValues: draft,
    onValuesChange: (values) => keep(() => values),
    validate: {
      name: (name) => (name.trim() === "" ? t.holders.nameMissing : null),
      address: addressRules(t),
    },
  });

  useFirstFault(element, busy);

  async function save(values: HolderValues) {
    // The field of addresses says what is wrong with it.
    if (unfinished.any) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(bodyOf(values), conflict.base?.version ?? 0);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, (field) => FIELDS.has(fieldOf(field)), t);
      form.setErrors(
        Object.fromEntries(
          Object.entries(shares.beside).map(([field, sentence]) => [fieldOf(field), sentence]),
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
      onSubmit={form.onSubmit((values) => void save(values))}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={valuesOf}
        facts={(of) => holderFacts(of, t)}
        mine={form.values}
        takeOver={(mine, onFile, taken) => takeOver(PARTS, mine, onFile, taken)}
        onSettle={(decided) => form.setValues(decided(form.getValues()))}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
      <Section title={t.holders.identity}>
        <div className={classes.fields}>
          <TextInput
            className={classes.wide ?? ""}
            label={t.holders.legalName}
            description={t.holders.legalNameHint}
            withAsterisk
            autoFocus={record === null}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          {record === null ? (
            <div className={classes.wide}>
              <SimilarHolders
                name={form.values.name}
                action={({ id }) => (
                  <LinkAnchor {...paths.holder(id)}>{t.holders.openThis}</LinkAnchor>
                )}
              />
            </div>
          ) : null}
          <TextInput
            label={t.holders.careOf}
            description={t.holders.careOfHint}
            autoComplete="off"
            {...form.getInputProps("care_of")}
          />
          <TagsInput
            label={t.holders.aliases}
            description={t.holders.aliasesHint}
            acceptValueOnBlur
            clearable={false}
            autoComplete="off"
            {...form.getInputProps("aliases")}
          />
        </div>
      </Section>
      <Section title={t.holders.mailingAddress}>
        <AddressFields
          value={form.values.address}
          onChange={(address) => form.setFieldValue("address", addressValues(address))}
          errors={addressErrors(form.errors)}
        />
      </Section>
      <Section title={t.holders.reach}>
        <div className={classes.fields}>
          <EmailsField
            label={t.holders.emails}
            value={form.values.emails}
            onChange={(emails) => form.setFieldValue("emails", emails)}
            onUnfinished={unfinished.of("emails")}
            error={form.errors["emails"]}
          />
          <TextInput
            label={t.holders.phone}
            type="tel"
            autoComplete="off"
            {...form.getInputProps("phone")}
          />
          <Select
            label={t.channels.preference}
            description={t.channels.preferenceHint}
            data={[
              { value: "none", label: t.channels.noPreference },
              { value: "attachment", label: t.channels.named.attachment },
              { value: "link", label: t.channels.named.link },
            ]}
            value={form.values.channel}
            onChange={(next) =>
              form.setFieldValue(
                "channel",
                next === "link" || next === "attachment" ? next : "none",
              )
            }
            error={form.errors["channel"]}
            allowDeselect={false}
          />
        </div>
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
