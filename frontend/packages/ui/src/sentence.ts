/** A reason of the server ("must be …") as a sentence of its own beside a field. */
export function sentence(reason: string): string {
  const text = reason.charAt(0).toLocaleUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A label that a sentence takes up after its beginning ("for Each occurrence") as a word of it: small. */
export function takenUp(text: string, label: string): string {
  // What begins with more than one capital or with a number is no word: "CG 20 37", "DBA".
  if (!/^[A-Z][a-z]/.test(label)) return text;
  return text.replaceAll(` ${label}`, ` ${label.charAt(0).toLocaleLowerCase()}${label.slice(1)}`);
}
