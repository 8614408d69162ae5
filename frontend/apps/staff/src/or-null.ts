/** What was typed into a field that may stay empty, as the server takes it. */
export function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}
