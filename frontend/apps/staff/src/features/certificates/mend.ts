import type { Finding } from "./findings";

type Passage = NonNullable<Finding["passage"]>;

/** Where words stand in a text, in what JavaScript counts. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the words of a finding stand in a text. The server counts characters of the text as it would
 * be printed; what was typed may begin with white space or end its lines in another way.
 */
export function locate(text: string, passage: Passage): Span | null {
  const letters = Array.from(text);
  const before = letters.slice(0, passage.start).join("").length;
  if (text.startsWith(passage.words, before)) {
    return { start: before, end: before + passage.words.length };
  }
  const near = text.indexOf(passage.words, Math.max(0, before - 2));
  const start = near >= 0 ? near : text.indexOf(passage.words);
  return start < 0 ? null : { start, end: start + passage.words.length };
}

/** The text with what the finding offers in place of its words, and no gap where they were only taken out. */
export function mended(text: string, finding: Pick<Finding, "passage" | "replacement">): string {
  const { passage, replacement } = finding;
  if (!passage || !replacement) return text;
  const found = locate(text, passage);
  if (found === null) return text;
  const letters = Array.from(text);
  // What goes reaches as far around the words here as it did there.
  const first = Array.from(text.slice(0, found.start)).length - (passage.start - replacement.start);
  const last = Array.from(text.slice(0, found.end)).length + (replacement.end - passage.end);
  const start = letters.slice(0, Math.max(0, first)).join("");
  const end = letters.slice(last).join("");
  if (replacement.text !== "") return `${start}${replacement.text}${end}`;
  // A line that is gone takes its end with it.
  const rest = start.endsWith("\n") && end.startsWith("\n") ? end.slice(1) : end;
  return `${start}${rest}`.replaceAll(/[ \t]{2,}/g, " ").trim();
}

/** Words around a finding, to be shown with the words themselves marked. */
export function excerpt(
  text: string,
  passage: Passage,
): { before: string; words: string; after: string } | null {
  const found = locate(text, passage);
  if (found === null) return null;
  const line = text.lastIndexOf("\n", found.start - 1) + 1;
  const next = text.indexOf("\n", found.end);
  const end = next < 0 ? text.length : next;
  const before = text.slice(line, found.start);
  const after = text.slice(found.end, end);
  return {
    before: before.length > 60 ? `…${before.slice(-58)}` : before,
    words: passage.words,
    after: after.length > 60 ? `${after.slice(0, 58)}…` : after,
  };
}
