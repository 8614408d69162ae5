import "@mantine/dates/styles.css";
import { DatePickerInput, type DatePickerPreset } from "@mantine/dates";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./DateRangeField.module.css";
import { dayOf } from "./today";
import { useFormat, useWords } from "./UiProvider";

export interface DateRange {
  readonly from: string | null;
  readonly to: string | null;
}

export interface DateRangeFieldProps {
  readonly label: string;
  readonly value: DateRange;
  readonly onChange: (range: DateRange) => void;
  readonly presets?: readonly { readonly label: string; readonly range: DateRange }[];
  readonly width?: number | string;
}

/** Two plain dates, both included; half a choice is kept here until it is whole. */
export function DateRangeField({ label, value, onChange, presets, width }: DateRangeFieldProps) {
  const [half, setHalf] = useState<string | null>(null);
  const words = useWords();
  const format = useFormat();
  return (
    <DatePickerInput
      type="range"
      classNames={{
        input: classes.input ?? "",
        day: classes.day ?? "",
        datePickerRoot: classes.picker ?? "",
        presetsList: classes.presets ?? "",
      }}
      aria-label={label}
      placeholder={label}
      value={half === null ? [value.from, value.to] : [half, null]}
      onChange={([from, to]) => {
        if (from !== null && to === null) {
          setHalf(from);
          return;
        }
        setHalf(null);
        onChange({ from, to });
      }}
      onDropdownClose={() => setHalf(null)}
      valueFormatter={({ date }) => {
        const [from, to] = Array.isArray(date) ? date : [];
        if (typeof from !== "string") return "";
        // One day is said once.
        if (from === to) return format.date(from);
        return `${format.date(from)} – ${typeof to === "string" ? format.date(to) : ""}`;
      }}
      getDayProps={dayOf(format.today())}
      allowSingleDateInRange
      firstDayOfWeek={0}
      weekendDays={[]}
      clearable
      clearButtonProps={{ "aria-label": words.clear(label) }}
      size="sm"
      leftSectionWidth={32}
      rightSectionWidth={30}
      leftSection={<IconCalendar size={15} stroke={1.6} aria-hidden />}
      ariaLabels={words.calendar}
      popoverProps={{ shadow: "md", withRoles: false }}
      {...(presets === undefined
        ? {}
        : {
            presets: presets.map(({ label: text, range }): DatePickerPreset<"range"> => ({
              label: text,
              value: [range.from, range.to],
            })),
          })}
      {...(width === undefined ? {} : { w: width })}
    />
  );
}
