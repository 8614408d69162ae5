/** The longest description of operations that the server takes; what the page cannot hold continues on the next. */
export const MAX_DESCRIPTION = 10_000;

/** How long a description is, counted as the server counts it. */
export function descriptionLength(text: string): number {
  return Array.from(text.normalize("NFC").replaceAll("\r\n", "\n").trim()).length;
}
