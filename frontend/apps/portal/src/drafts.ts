/*
 * What was entered and not sent yet survives a reload and the end of the session in the same tab. It
 * is kept per person, and forgotten when that person signs out.
 */
const PREFIX = "countersign-draft-";

export function keptDraft(person: string): unknown {
  try {
    const kept = sessionStorage.getItem(PREFIX + person);
    return kept === null ? null : JSON.parse(kept);
  } catch {
    return null;
  }
}

export function keepDraft(person: string, draft: object | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(PREFIX + person);
    else sessionStorage.setItem(PREFIX + person, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing loses the draft with the page.
  }
}

export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}
