import { randomBytes } from "node:crypto";

/** A word that no earlier run used: stories may run twice on the same data. */
export function unique(): string {
  return `${Date.now().toString(36)}${randomBytes(2).toString("hex")}`;
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
