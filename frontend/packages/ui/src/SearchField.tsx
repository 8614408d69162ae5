import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "./UiProvider";

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder?: string;
  /** The text that the page now searches for (it stands in the address). */
  readonly value: string;
  readonly onSearch: (text: string) => void;
  readonly width?: number | string;
}

/** Searches while one types, at rest for a fifth of a second; follows the address when that moves. */
export function SearchField({ label, placeholder, value, onSearch, width }: SearchFieldProps) {
  const words = useWords();
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  // The address changed from outside (back button, cleared filters): show what it says.
  if (value !== asked) {
    setAsked(value);
    setText(value);
  }
  const ask = useDebouncedCallback((next: string) => {
    setAsked(next);
    onSearch(next);
  }, 200);
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        ask(next.trim());
      }}
      onBlur={({ relatedTarget }) => {
        // Whoever follows a link before the rest is over must not be called back by the search.
        if (relatedTarget instanceof HTMLAnchorElement) ask.cancel();
        else ask.flush();
      }}
      type="search"
      autoComplete="off"
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        text === "" ? null : (
          <CloseButton
            size="xs"
            aria-label={words.close}
            onClick={() => {
              setText("");
              ask("");
            }}
          />
        )
      }
      {...(width === undefined ? {} : { w: width })}
    />
  );
}
