import "@mantine/dates/styles.css";
import { DateInput } from "@mantine/dates";
import type { ReactNode } from "react";
import { dayOf } from "./today";
import { useFormat, useWords } from "./UiProvider";

export interface DateFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  /** "YYYY-MM-DD", or null. */
  readonly value: string | null;
  readonly onChange: (date: string | null) => void;
  readonly error?: ReactNode;
  readonly readOnly?: boolean;
}

/** One plain date, typed as month/day/year or picked. */
export function DateField({
  label,
  description,
  value,
  onChange,
  error,
  readOnly = false,
}: DateFieldProps) {
  const words = useWords();
  const format = useFormat();
  return (
    <DateInput
      label={label}
      description={description}
      value={value}
      onChange={onChange}
      error={error}
      readOnly={readOnly}
      valueFormat={words.dateFormat}
      placeholder={words.dateFormat}
      getDayProps={dayOf(format.today())}
      firstDayOfWeek={0}
      weekendDays={[]}
      clearable={!readOnly}
      clearButtonProps={{ "aria-label": words.clear(label) }}
      size="sm"
      ariaLabels={words.calendar}
      popoverProps={{ shadow: "md", withRoles: false }}
    />
  );
}
