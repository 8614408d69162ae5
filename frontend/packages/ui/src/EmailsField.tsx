import { TagsInput } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { isEmailAddress } from "./email";
import { useFormat, useWords } from "./UiProvider";

export interface EmailsFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: string[];
  readonly onChange: (emails: string[]) => void;
  /** Told when the field holds a text that is no address, and when it no longer does. */
  readonly onUnfinished: (unfinished: boolean) => void;
  /** Addresses to pick from; typing another one is always possible. */
  readonly suggestions?: readonly string[];
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly placeholder?: string;
}

const SEPARATORS = /[,;\s]+/;

/** An address as some programs copy it: `<ana@example.com>`. */
function bare(text: string): string {
  return text.replace(/^<(.*)>$/, "$1");
}

/** Several addresses: typed, pasted with any separator, or picked. What is none stays to be corrected. */
export function EmailsField({
  label,
  description,
  value,
  onChange,
  onUnfinished,
  suggestions = [],
  error,
  required = false,
  placeholder,
}: EmailsFieldProps) {
  const words = useWords();
  const format = useFormat();
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState<readonly string[]>([]);
  /** What stays in the field although it is about to be emptied, as it is after each entry. */
  const kept = useRef<string | null>(null);

  function refuse(texts: readonly string[]) {
    setRefused(texts);
    onUnfinished(texts.length > 0);
  }

  function enter(next: readonly string[]) {
    // A keyboard that fills in whole words leaves its separator behind.
    const entries = [...new Set(next.flatMap((each) => each.split(SEPARATORS)).map(bare))];
    const taken = entries.filter((each) => value.includes(each) || isEmailAddress(each));
    const left = entries.filter((each) => each !== "" && !taken.includes(each));
    if (left.length > 0) {
      const text = left.join(" ");
      kept.current = text;
      queueMicrotask(() => {
        kept.current = null;
      });
      setTyped(text);
    }
    refuse(left);
    if (taken.length !== value.length || taken.some((each, place) => each !== value[place])) {
      onChange(taken);
    }
  }

  return (
    <TagsInput
      label={label}
      description={description}
      value={value}
      onChange={enter}
      searchValue={typed}
      onSearchChange={(text) => {
        if (text === "" && kept.current !== null) return;
        setTyped(text);
        if (refused.length > 0 && text !== refused.join(" ")) refuse([]);
      }}
      data={[...suggestions]}
      splitChars={[",", ";", " ", "\n"]}
      acceptValueOnBlur
      clearable={false}
      error={refused.length > 0 ? words.notAddresses(format.list(refused), refused.length) : error}
      withAsterisk={required}
      type="email"
      inputMode="email"
      autoComplete="off"
      {...(value.length === 0 && placeholder !== undefined ? { placeholder } : {})}
    />
  );
}
