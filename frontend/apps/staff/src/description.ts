/** The first thing in two braces that is no placeholder; null where there is none, or while one is still being written. */
export function unknownPlaceholder(text: string, known: readonly string[]): string | null {
  for (const [, inside = ""] of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    const word = inside.trim();
    if (!known.includes(word)) return `{{${word}}}`;
  }
  return null;
}

/** How long a description is, counted as the server counts it. */
export function descriptionLength(text: string): number {
  return Array.from(text.normalize("NFC").replaceAll("\r\n", "\n").trim()).length;
}
