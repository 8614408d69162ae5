import type { components } from "@countersign/api/schema";
import { TextInput } from "@mantine/core";
import { useMessages } from "./messages/MessagesProvider";
import { grouped, isTooLarge, MOST_DOLLARS } from "./money";

type Money = components["schemas"]["Money"];

export interface MoneyFieldProps {
  readonly label: string;
  /** Its amount is what was typed. */
  readonly value: Money | null | undefined;
  readonly onChange: (value: Money | null) => void;
  readonly error?: string | undefined;
  readonly readOnly: boolean;
}

/** An amount in dollars; empty where the policy has no such limit. */
export function MoneyField({ label, value, onChange, error, readOnly }: MoneyFieldProps) {
  const t = useMessages();
  return (
    <TextInput
      label={label}
      value={value?.amount ?? ""}
      onChange={({ currentTarget: { value: typed } }) =>
        onChange(typed === "" ? null : { amount: typed, currency: "USD" })
      }
      leftSection={<span aria-hidden>{t.coverage.dollar}</span>}
      inputMode="decimal"
      autoComplete="off"
      error={
        isTooLarge(value?.amount ?? "") ? t.coverage.tooLarge(grouped(`${MOST_DOLLARS}`)) : error
      }
      readOnly={readOnly}
      styles={{ input: { fontVariantNumeric: "tabular-nums" } }}
    />
  );
}
