import type { components } from "@countersign/api/schema";
import {
  Button,
  Checkbox,
  Input,
  SegmentedControl,
  Select,
  TagsInput,
  TextInput,
} from "@mantine/core";
import type { ReactNode } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { oneOf } from "../../search-params";
import classes from "./PolicyForm.module.css";
import { MoneyField } from "../../MoneyField";

type CoverageTerms = components["schemas"]["CoverageTerms"];
type Of<L extends CoverageTerms["line"]> = Extract<CoverageTerms, { line: L }>;
type NamedLimit = components["schemas"]["NamedLimit"];

interface FieldsProps<C> {
  readonly value: C;
  readonly onChange: (value: C) => void;
  /** By field, as in `coverage.each_occurrence`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}

export type CoverageFieldsProps = FieldsProps<CoverageTerms>;

const TRIGGERS = ["occurrence", "claims_made"] as const;
const PER = ["policy", "project", "location", "other"] as const;
const KINDS = ["umbrella", "excess"] as const;
const RETENTIONS = ["none", "deductible", "retention"] as const;
const EXCLUDED = ["yes", "no", "not_applicable"] as const;

/** The boxes and limits of a policy's line. */
export function CoverageFields({ value, ...rest }: CoverageFieldsProps) {
  switch (value.line) {
    case "general_liability":
      return <GeneralLiability value={value} {...rest} />;
    case "commercial_auto":
      return <CommercialAuto value={value} {...rest} />;
    case "umbrella_excess":
      return <UmbrellaExcess value={value} {...rest} />;
    case "workers_compensation":
      return <WorkersCompensation value={value} {...rest} />;
    case "other":
      return <Other value={value} {...rest} />;
  }
}

function Choice<T extends string>({
  label,
  choices,
  words,
  value,
  onChange,
  readOnly,
}: {
  readonly label: string;
  readonly choices: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly readOnly: boolean;
}) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <SegmentedControl
        aria-label={label}
        fullWidth
        readOnly={readOnly}
        data={choices.map((choice) => ({ value: choice, label: words[choice] }))}
        value={value}
        onChange={(chosen) => {
          const known = oneOf(choices, chosen);
          if (known !== undefined) onChange(known);
        }}
      />
    </Input.Wrapper>
  );
}

/** Places that the page has no words of its own for. */
function Further({
  boxes,
  onBoxes,
  limit,
  onLimit,
  errors,
  readOnly,
}: {
  readonly boxes?: readonly string[];
  readonly onBoxes?: (boxes: string[]) => void;
  readonly limit: NamedLimit | null | undefined;
  readonly onLimit: (limit: NamedLimit | null) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}) {
  const t = useMessages();
  return (
    <>
      {boxes === undefined || onBoxes === undefined ? null : (
        <TagsInput
          className={classes.wide ?? ""}
          label={t.coverage.extraBoxes}
          description={t.coverage.extraBoxesHint}
          maxTags={2}
          value={[...boxes]}
          onChange={onBoxes}
          error={errors["coverage.extra_boxes"]}
          readOnly={readOnly}
          acceptValueOnBlur
        />
      )}
      <LimitPair
        label={t.coverage.extraLimit}
        value={limit ?? null}
        onChange={onLimit}
        field="coverage.extra_limit"
        errors={errors}
        readOnly={readOnly}
      />
    </>
  );
}

function LimitPair({
  label,
  value,
  onChange,
  field,
  errors,
  readOnly,
}: {
  readonly label: string;
  readonly value: NamedLimit | null;
  readonly onChange: (limit: NamedLimit | null) => void;
  readonly field: string;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}) {
  const t = useMessages();
  function set(next: NamedLimit) {
    onChange(next.label === "" && next.amount.amount === "" ? null : next);
  }
  const now: NamedLimit = value ?? { label: "", amount: { amount: "", currency: "USD" } };
  return (
    <>
      <TextInput
        label={t.coverage.limitLabelOf(label)}
        value={now.label}
        onChange={(event) => set({ ...now, label: event.currentTarget.value })}
        error={errors[`${field}.label`]}
        readOnly={readOnly}
        autoComplete="off"
      />
      <MoneyField
        label={t.coverage.limitAmountOf(label)}
        value={now.amount}
        onChange={(amount) => set({ ...now, amount: amount ?? { amount: "", currency: "USD" } })}
        error={errors[`${field}.amount`]}
        readOnly={readOnly}
      />
    </>
  );
}

function Fields({ children }: { readonly children: ReactNode }) {
  return <div className={classes.fields}>{children}</div>;
}

function GeneralLiability({
  value,
  onChange,
  errors,
  readOnly,
}: FieldsProps<Of<"general_liability">>) {
  const t = useMessages();
  const c = t.coverage;
  const set = (change: Partial<Of<"general_liability">>) => onChange({ ...value, ...change });
  const rest = { readOnly };
  return (
    <Fields>
      <Choice
        label={c.trigger}
        choices={TRIGGERS}
        words={c.triggers}
        value={value.trigger}
        onChange={(trigger) => set({ trigger })}
        readOnly={readOnly}
      />
      <Choice
        label={c.aggregatePer}
        choices={PER}
        words={c.per}
        value={value.aggregate_per}
        onChange={(aggregate_per) => set({ aggregate_per, aggregate_other: null })}
        readOnly={readOnly}
      />
      {value.aggregate_per === "other" ? (
        <TextInput
          className={classes.wide ?? ""}
          label={c.aggregateOther}
          value={value.aggregate_other ?? ""}
          onChange={(event) => set({ aggregate_other: event.currentTarget.value })}
          error={errors["coverage.aggregate_other"]}
          readOnly={readOnly}
        />
      ) : null}
      <MoneyField
        label={c.limits.each_occurrence}
        value={value.each_occurrence}
        onChange={(each_occurrence) => set({ each_occurrence })}
        error={errors["coverage.each_occurrence"]}
        {...rest}
      />
      <MoneyField
        label={c.limits.damage_to_rented_premises}
        value={value.damage_to_rented_premises}
        onChange={(damage_to_rented_premises) => set({ damage_to_rented_premises })}
        error={errors["coverage.damage_to_rented_premises"]}
        {...rest}
      />
      <MoneyField
        label={c.limits.medical_expense}
        value={value.medical_expense}
        onChange={(medical_expense) => set({ medical_expense })}
        error={errors["coverage.medical_expense"]}
        {...rest}
      />
      <MoneyField
        label={c.limits.personal_and_advertising_injury}
        value={value.personal_and_advertising_injury}
        onChange={(personal_and_advertising_injury) => set({ personal_and_advertising_injury })}
        error={errors["coverage.personal_and_advertising_injury"]}
        {...rest}
      />
      <MoneyField
        label={c.limits.general_aggregate}
        value={value.general_aggregate}
        onChange={(general_aggregate) => set({ general_aggregate })}
        error={errors["coverage.general_aggregate"]}
        {...rest}
      />
      <MoneyField
        label={c.limits.products_completed_operations_aggregate}
        value={value.products_completed_operations_aggregate}
        onChange={(products_completed_operations_aggregate) =>
          set({ products_completed_operations_aggregate })
        }
        error={errors["coverage.products_completed_operations_aggregate"]}
        {...rest}
      />
      <Further
        boxes={value.extra_boxes}
        onBoxes={(extra_boxes) => set({ extra_boxes })}
        limit={value.extra_limit}
        onLimit={(extra_limit) => set({ extra_limit })}
        errors={errors}
        readOnly={readOnly}
      />
    </Fields>
  );
}

function CommercialAuto({ value, onChange, errors, readOnly }: FieldsProps<Of<"commercial_auto">>) {
  const t = useMessages();
  const c = t.coverage;
  const set = (change: Partial<Of<"commercial_auto">>) => onChange({ ...value, ...change });
  return (
    <Fields>
      <fieldset className={classes.boxes} disabled={readOnly}>
        <legend>{c.autos}</legend>
        {(
          [
            ["any", c.anyAuto],
            ["owned", c.owned],
            ["scheduled", c.scheduled],
            ["hired", c.hired],
            ["non_owned", c.nonOwned],
          ] as const
        ).map(([field, label]) => (
          <Checkbox
            key={field}
            label={label}
            checked={value[field]}
            onChange={(event) => set({ [field]: event.currentTarget.checked })}
            error={errors[`coverage.${field}`]}
          />
        ))}
      </fieldset>
      <MoneyField
        label={c.limits.combined_single_limit}
        value={value.combined_single_limit}
        onChange={(combined_single_limit) => set({ combined_single_limit })}
        error={errors["coverage.combined_single_limit"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.bodily_injury_per_person}
        value={value.bodily_injury_per_person}
        onChange={(bodily_injury_per_person) => set({ bodily_injury_per_person })}
        error={errors["coverage.bodily_injury_per_person"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.bodily_injury_per_accident}
        value={value.bodily_injury_per_accident}
        onChange={(bodily_injury_per_accident) => set({ bodily_injury_per_accident })}
        error={errors["coverage.bodily_injury_per_accident"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.property_damage_per_accident}
        value={value.property_damage_per_accident}
        onChange={(property_damage_per_accident) => set({ property_damage_per_accident })}
        error={errors["coverage.property_damage_per_accident"]}
        readOnly={readOnly}
      />
      <Further
        boxes={value.extra_boxes}
        onBoxes={(extra_boxes) => set({ extra_boxes })}
        limit={value.extra_limit}
        onLimit={(extra_limit) => set({ extra_limit })}
        errors={errors}
        readOnly={readOnly}
      />
    </Fields>
  );
}

function UmbrellaExcess({ value, onChange, errors, readOnly }: FieldsProps<Of<"umbrella_excess">>) {
  const t = useMessages();
  const c = t.coverage;
  const set = (change: Partial<Of<"umbrella_excess">>) => onChange({ ...value, ...change });
  return (
    <Fields>
      <Choice
        label={c.kind}
        choices={KINDS}
        words={c.kinds}
        value={value.kind}
        onChange={(kind) => set({ kind })}
        readOnly={readOnly}
      />
      <Choice
        label={c.trigger}
        choices={TRIGGERS}
        words={c.triggers}
        value={value.trigger}
        onChange={(trigger) => set({ trigger })}
        readOnly={readOnly}
      />
      <Choice
        label={c.retentionKind}
        choices={RETENTIONS}
        words={c.retentions}
        value={value.retention}
        onChange={(retention) =>
          set(retention === "none" ? { retention, retention_amount: null } : { retention })
        }
        readOnly={readOnly}
      />
      {value.retention === "none" ? (
        <span />
      ) : (
        <MoneyField
          label={c.retentionAmount}
          value={value.retention_amount}
          onChange={(retention_amount) => set({ retention_amount })}
          error={errors["coverage.retention_amount"]}
          readOnly={readOnly}
        />
      )}
      <MoneyField
        label={c.limits.each_occurrence}
        value={value.each_occurrence}
        onChange={(each_occurrence) => set({ each_occurrence })}
        error={errors["coverage.each_occurrence"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.aggregate}
        value={value.aggregate}
        onChange={(aggregate) => set({ aggregate })}
        error={errors["coverage.aggregate"]}
        readOnly={readOnly}
      />
      <Further
        limit={value.extra_limit}
        onLimit={(extra_limit) => set({ extra_limit })}
        errors={errors}
        readOnly={readOnly}
      />
    </Fields>
  );
}

function WorkersCompensation({
  value,
  onChange,
  errors,
  readOnly,
}: FieldsProps<Of<"workers_compensation">>) {
  const t = useMessages();
  const c = t.coverage;
  const set = (change: Partial<Of<"workers_compensation">>) => onChange({ ...value, ...change });
  return (
    <Fields>
      <Checkbox
        className={classes.wide ?? ""}
        label={c.perStatute}
        checked={value.per_statute}
        onChange={(event) => set({ per_statute: event.currentTarget.checked })}
        disabled={readOnly}
      />
      <TextInput
        className={classes.wide ?? ""}
        label={c.otherBasis}
        value={value.other_basis ?? ""}
        onChange={(event) => set({ other_basis: event.currentTarget.value })}
        error={errors["coverage.other_basis"]}
        readOnly={readOnly}
      />
      <Select
        label={c.excluded}
        allowDeselect={false}
        readOnly={readOnly}
        data={EXCLUDED.map((word) => ({ value: word, label: c.excludedAnswers[word] }))}
        value={value.excluded}
        onChange={(chosen) => {
          const excluded = oneOf(EXCLUDED, chosen);
          if (excluded !== undefined) set({ excluded, excluded_who: null });
        }}
      />
      {value.excluded === "yes" ? (
        <TextInput
          label={c.excludedWho}
          value={value.excluded_who ?? ""}
          onChange={(event) => set({ excluded_who: event.currentTarget.value })}
          error={errors["coverage.excluded_who"]}
          readOnly={readOnly}
        />
      ) : (
        <span />
      )}
      <MoneyField
        label={c.limits.each_accident}
        value={value.each_accident}
        onChange={(each_accident) => set({ each_accident })}
        error={errors["coverage.each_accident"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.disease_each_employee}
        value={value.disease_each_employee}
        onChange={(disease_each_employee) => set({ disease_each_employee })}
        error={errors["coverage.disease_each_employee"]}
        readOnly={readOnly}
      />
      <MoneyField
        label={c.limits.disease_policy_limit}
        value={value.disease_policy_limit}
        onChange={(disease_policy_limit) => set({ disease_policy_limit })}
        error={errors["coverage.disease_policy_limit"]}
        readOnly={readOnly}
      />
    </Fields>
  );
}

function Other({ value, onChange, errors, readOnly }: FieldsProps<Of<"other">>) {
  const t = useMessages();
  const c = t.coverage;
  return (
    <Fields>
      <TextInput
        className={classes.wide ?? ""}
        label={c.description}
        value={value.description}
        onChange={(event) => onChange({ ...value, description: event.currentTarget.value })}
        error={errors["coverage.description"]}
        readOnly={readOnly}
      />
      {value.limits.map((limit, place) => (
        <LimitPair
          key={place}
          label={c.limitOf(place + 1)}
          value={limit}
          onChange={(next) =>
            onChange({
              ...value,
              limits: value.limits.flatMap((each, index) =>
                index === place ? (next === null ? [] : [next]) : [each],
              ),
            })
          }
          field={`coverage.limits.${place}`}
          errors={errors}
          readOnly={readOnly}
        />
      ))}
      {readOnly || value.limits.length >= 3 ? null : (
        <div className={classes.wide}>
          <Button
            variant="default"
            size="xs"
            onClick={() =>
              onChange({
                ...value,
                limits: [...value.limits, { label: "", amount: { amount: "", currency: "USD" } }],
              })
            }
          >
            {c.addLimit}
          </Button>
        </div>
      )}
    </Fields>
  );
}
