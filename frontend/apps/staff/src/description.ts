/** How long a description is, counted as the server counts it. */
export function descriptionLength(text: string): number {
  return Array.from(text.normalize("NFC").replaceAll("\r\n", "\n").trim()).length;
}
