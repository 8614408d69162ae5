/** The longest password that the server takes. */
export const LONGEST_PASSWORD = 256;

/** Characters as the server counts them: code points of the composed form. */
export function passwordLength(password: string): number {
  return Array.from(password.normalize("NFC")).length;
}
