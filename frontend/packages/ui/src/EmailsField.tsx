import { TagsInput } from "@mantine/core";
import type { ReactNode } from "react";

export interface EmailsFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: string[];
  readonly onChange: (emails: string[]) => void;
  /** Addresses to pick from; typing another one is always possible. */
  readonly suggestions?: readonly string[];
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly placeholder?: string;
}

/** Several addresses: typed, pasted with any separator, or picked. */
export function EmailsField({
  label,
  description,
  value,
  onChange,
  suggestions = [],
  error,
  required = false,
  placeholder,
}: EmailsFieldProps) {
  return (
    <TagsInput
      label={label}
      description={description}
      value={value}
      onChange={(next) => onChange(next.map((each) => each.trim()).filter((each) => each !== ""))}
      data={[...suggestions]}
      splitChars={[",", ";", " ", "\n"]}
      acceptValueOnBlur
      clearable={false}
      error={error}
      withAsterisk={required}
      type="email"
      inputMode="email"
      autoComplete="off"
      {...(value.length === 0 && placeholder !== undefined ? { placeholder } : {})}
    />
  );
}
