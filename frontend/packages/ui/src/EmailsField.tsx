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

const SEPARATORS = /[,;\s]+/;

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
      onChange={(next) =>
        // A keyboard that fills in whole words leaves its separator behind.
        onChange([...new Set(next.flatMap((each) => each.split(SEPARATORS)))].filter(Boolean))
      }
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
