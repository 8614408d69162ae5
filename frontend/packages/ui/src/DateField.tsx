import "@mantine/dates/styles.css";
import { DateInput } from "@mantine/dates";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { dayOf } from "./today";
import { typedDate } from "./typed-date";
import { useFormat, useWords } from "./UiProvider";

export interface DateFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  /** "YYYY-MM-DD", or null. */
  readonly value: string | null;
  /** With null for a text that is no date. */
  readonly onChange: (date: string | null) => void;
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly readOnly?: boolean;
}

/**
 * One plain date, typed as month/day/year or picked. A text that is no date stays as it was typed,
 * and the form around the field is not sent before it is corrected: nobody's date is guessed.
 */
export function DateField({
  label,
  description,
  value,
  onChange,
  error,
  required = false,
  readOnly = false,
}: DateFieldProps) {
  const words = useWords();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [left, setLeft] = useState(false);
  const refused = value === null && typed.trim() !== "";

  useEffect(() => {
    if (!refused) return undefined;
    function hold(event: SubmitEvent) {
      if (event.target !== input.current?.form) return;
      event.preventDefault();
      event.stopPropagation();
      setLeft(true);
    }
    // At the document, before the form's own handler: no form can forget to ask its dates.
    document.addEventListener("submit", hold, { capture: true });
    return () => document.removeEventListener("submit", hold, { capture: true });
  }, [refused]);

  return (
    <DateInput
      ref={input}
      label={label}
      description={description}
      value={value}
      onChange={(date) => {
        setTyped("");
        onChange(date);
      }}
      onInput={({ currentTarget: { value: text } }) => {
        const date = typedDate(text);
        setLeft(false);
        setTyped(date === null ? text : "");
        if (date === null && value !== null) onChange(null);
      }}
      onBlur={() => setLeft(true)}
      dateParser={typedDate}
      fixOnBlur={!refused}
      error={refused ? left && words.notADate : error}
      withAsterisk={required}
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
