import type { components } from "@countersign/api/schema";
import { STATES } from "@countersign/api/states";
import { Select, TextInput } from "@mantine/core";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./AddressFields.module.css";

type Address = components["schemas"]["Address"];

export interface AddressFieldsProps {
  readonly value: Address;
  /** With the part that changed. */
  readonly onChange: (address: Address, part: keyof Address) => void;
  /** By part: `line1`, `city`… */
  readonly errors: Partial<Record<keyof Address, string>>;
  readonly readOnly?: boolean;
}

export function AddressFields({ value, onChange, errors, readOnly = false }: AddressFieldsProps) {
  const t = useMessages();
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.wide ?? ""}
        label={t.address.line1}
        withAsterisk={!readOnly}
        value={value.line1}
        onChange={(event) => onChange({ ...value, line1: event.currentTarget.value }, "line1")}
        error={errors.line1}
        readOnly={readOnly}
        autoComplete="off"
      />
      <TextInput
        className={classes.wide ?? ""}
        label={t.address.line2}
        value={value.line2 ?? ""}
        onChange={(event) => onChange({ ...value, line2: event.currentTarget.value }, "line2")}
        error={errors.line2}
        readOnly={readOnly}
        autoComplete="off"
      />
      <TextInput
        label={t.address.city}
        withAsterisk={!readOnly}
        value={value.city}
        onChange={(event) => onChange({ ...value, city: event.currentTarget.value }, "city")}
        error={errors.city}
        readOnly={readOnly}
        autoComplete="off"
      />
      <Select
        label={t.address.state}
        withAsterisk={!readOnly}
        placeholder={t.address.stateHint}
        data={STATES.map(([code, name]) => ({ value: code, label: `${code} ${name}` }))}
        value={value.state === "" ? null : value.state}
        onChange={(state) => onChange({ ...value, state: state ?? "" }, "state")}
        error={errors.state}
        readOnly={readOnly}
        searchable
      />
      <TextInput
        label={t.address.postalCode}
        withAsterisk={!readOnly}
        value={value.postal_code}
        onChange={(event) =>
          onChange({ ...value, postal_code: event.currentTarget.value }, "postal_code")
        }
        error={errors.postal_code}
        readOnly={readOnly}
        inputMode="numeric"
        autoComplete="off"
      />
    </div>
  );
}
