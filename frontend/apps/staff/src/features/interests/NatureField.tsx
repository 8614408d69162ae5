import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { Nature } from "../../interest";
import { useMessages } from "../../messages/MessagesProvider";

export interface NatureFieldProps {
  readonly value: Nature | null;
  readonly onChange: (nature: Nature | null) => void;
  readonly error: ReactNode;
}

/** Of what nature a stake is, found by its name or its two-letter code. */
export function NatureField({ value, onChange, error }: NatureFieldProps) {
  const { interests: i } = useMessages();
  const natures = Object.entries(i.natures).map(([code, name]) => ({
    value: code,
    label: i.natureOption(code, name),
  }));
  return (
    <Select
      label={i.nature}
      placeholder={i.natureHint}
      withAsterisk
      searchable
      selectFirstOptionOnChange
      data={natures}
      value={value}
      onChange={(code) => onChange(isNature(code, i.natures) ? code : null)}
      error={error}
    />
  );
}

function isNature(code: string | null, natures: Record<Nature, string>): code is Nature {
  return code !== null && code in natures;
}
