import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Input, SegmentedControl, TextInput } from "@mantine/core";
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
import { useMessages } from "../../messages/MessagesProvider";
import { orNull } from "../../or-null";
import classes from "../../RecordForm.module.css";

type InsuredBody = components["schemas"]["InsuredBody"];

export interface InsuredFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly start: InsuredBody | null;
  readonly submitLabel: string;
  readonly onSave: (body: InsuredBody) => Promise<void>;
  readonly onCancel: () => void;
  readonly onReload?: () => void;
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

interface Values {
  readonly name: string;
  readonly dba: string;
  readonly kind: InsuredBody["kind"];
  readonly trade: string;
  readonly email: string;
  readonly phone: string;
  readonly customer_id: string;
  readonly fein: string;
  readonly address: AddressValues;
}

const EMPTY: Values = {
  name: "",
  dba: "",
  kind: "commercial",
  trade: "",
  email: "",
  phone: "",
  customer_id: "",
  fein: "",
  address: NO_ADDRESS,
};

function valuesOf(start: InsuredBody | null): Values {
  if (start === null) return EMPTY;
  return {
    name: start.name,
    dba: start.dba ?? "",
    kind: start.kind === "personal" ? "personal" : "commercial",
    trade: start.trade ?? "",
    email: start.email ?? "",
    phone: start.phone ?? "",
    customer_id: start.customer_id ?? "",
    fein: start.fein ?? "",
    address: addressValues(start.address),
  };
}

function bodyOf(values: Values): InsuredBody {
  return {
    name: values.name.trim(),
    dba: orNull(values.dba),
    kind: values.kind,
    trade: orNull(values.trade),
    email: orNull(values.email),
    phone: orNull(values.phone),
    customer_id: orNull(values.customer_id),
    fein: orNull(values.fein),
    address: addressBody(values.address),
  };
}

/** Creates or changes an insured. The server's sentences land beside the fields they speak of. */
export function InsuredForm({
  draftKey,
  start,
  submitLabel,
  onSave,
  onCancel,
  onReload,
}: InsuredFormProps) {
  const t = useMessages();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const { draft, change: keep, dirty } = useDraft(`insured ${draftKey}`, () => valuesOf(start));
  const form = useForm<Values>({
    initialValues: draft,
    onValuesChange: (values) => keep(() => values),
    validate: {
      name: (name) => (name.trim() === "" ? t.insureds.nameMissing : null),
      address: addressRules(t),
    },
  });

  useFirstFault(element, busy);

  async function save(values: Values) {
    setBusy(true);
    setProblem(null);
    try {
      await onSave(bodyOf(values));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const shares = shareFaults(trouble, (field) => FIELDS.has(field), t);
      form.setErrors(shares.beside);
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
      <Section title={t.insureds.identity}>
        <div className={classes.fields}>
          <TextInput
            className={classes.wide ?? ""}
            label={t.insureds.legalName}
            description={t.insureds.legalNameHint}
            withAsterisk
            autoFocus={start === null}
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
      <FormFoot submitLabel={submitLabel} busy={busy} onCancel={onCancel} />
    </form>
  );
}
