import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Select, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRef, useState } from "react";
import {
  ADDRESS_FIELDS,
  addressBody,
  addressErrors,
  addressRules,
  type AddressValues,
  addressValues,
  NO_ADDRESS,
} from "../../address-values";
import { AddressFields } from "../../AddressFields";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { FormFoot } from "../../FormFoot";
import { FormProblem } from "../../FormProblem";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { orNull } from "../../or-null";
import { paths } from "../../paths";
import classes from "../../RecordForm.module.css";
import { SimilarHolders } from "../../SimilarHolders";

type HolderBody = components["schemas"]["HolderRecordBody"];
type Channel = components["schemas"]["ChannelWord"];

export interface HolderFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly start: components["schemas"]["HolderDetail"] | null;
  readonly submitLabel: string;
  readonly onSave: (body: HolderBody) => Promise<void>;
  readonly onCancel: () => void;
  readonly onReload?: () => void;
}

interface Values {
  readonly name: string;
  readonly care_of: string;
  readonly emails: string[];
  readonly phone: string;
  readonly channel: Channel | "none";
  readonly aliases: string[];
  readonly address: AddressValues;
}

const EMPTY: Values = {
  name: "",
  care_of: "",
  emails: [],
  phone: "",
  channel: "none",
  aliases: [],
  address: NO_ADDRESS,
};

const FIELDS = new Set<string>([
  "name",
  "care_of",
  "phone",
  "channel",
  "emails",
  "aliases",
  ...ADDRESS_FIELDS,
]);

function valuesOf(start: HolderFormProps["start"]): Values {
  if (start === null) return EMPTY;
  return {
    name: start.name,
    care_of: start.care_of ?? "",
    emails: start.emails,
    phone: start.phone ?? "",
    channel: start.channel ?? "none",
    aliases: start.aliases,
    address: addressValues(start.address),
  };
}

function bodyOf(values: Values): HolderBody {
  return {
    name: values.name.trim(),
    care_of: orNull(values.care_of),
    emails: values.emails,
    phone: orNull(values.phone),
    channel: values.channel === "none" ? null : values.channel,
    aliases: values.aliases,
    address: addressBody(values.address),
  };
}

/** One address or name of several that was refused is told at the field that holds them all. */
function fieldOf(field: string): string {
  return field.replace(/^(emails|aliases)\.\d+$/, "$1");
}

/** Creates or changes a holder. The server's sentences land beside the fields they speak of. */
export function HolderForm({
  draftKey,
  start,
  submitLabel,
  onSave,
  onCancel,
  onReload,
}: HolderFormProps) {
  const t = useMessages();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const element = useRef<HTMLFormElement>(null);
  const { draft, change: keep, dirty } = useDraft(`holder ${draftKey}`, () => valuesOf(start));
  const form = useForm<Values>({
    initialValues: draft,
    onValuesChange: (values) => keep(() => values),
    validate: {
      name: (name) => (name.trim() === "" ? t.holders.nameMissing : null),
      address: addressRules(t),
    },
  });

  useFirstFault(element, busy);

  async function save(values: Values) {
    // The field of addresses says what is wrong with it.
    if (unfinished.any) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(bodyOf(values));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const shares = shareFaults(trouble, (field) => FIELDS.has(fieldOf(field)), t);
      form.setErrors(
        Object.fromEntries(
          Object.entries(shares.beside).map(([field, sentence]) => [fieldOf(field), sentence]),
        ),
      );
      setHomeless(shares.homeless);
      setProblem(trouble);
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
      <FormProblem problem={problem} homeless={homeless} onReload={onReload} />
      <Section title={t.holders.identity}>
        <div className={classes.fields}>
          <TextInput
            className={classes.wide ?? ""}
            label={t.holders.legalName}
            description={t.holders.legalNameHint}
            withAsterisk
            autoFocus={start === null}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          {start === null ? (
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
      <FormFoot submitLabel={submitLabel} busy={busy} onCancel={onCancel} />
    </form>
  );
}
