import { useCallback, useEffect, useState } from "react";

/*
 * What somebody was entering is still there after their session ended and they signed in again, after
 * a detour that the form itself led them on, and after a reload. It lives in the memory of the page,
 * and in the tab's storage only while the page is loaded anew. Leaving a form in any other way lets go
 * of it, by the address bar too: what loads then is another page.
 */
const KEPT = "countersign-drafts";
const store = new Map<string, unknown>();
const held = new Set<string>();
let ending = false;
let reloading = false;

/** The session is about to end: forms that go away now keep what was entered. */
export function keepDrafts(): void {
  ending = true;
}

/** Somebody is signed in: from now on leaving a form lets go of it again. */
export function resumeDrafts(): void {
  ending = false;
}

/** The form sends the person on a detour and expects them back. */
export function holdDraft(key: string): void {
  held.add(key);
}

/** The person signed out. */
export function forgetDrafts(): void {
  store.clear();
}

/** Whether the page goes away for a reason of its own, which keeps what was entered. */
export function isKeepingDrafts(): boolean {
  return ending || reloading;
}

/** What was kept when a page went away, for a page that loads at this address: only the same one takes it up again. */
export function keptAt(here: string, kept: unknown): [string, unknown][] {
  if (!isObject(kept) || !("at" in kept) || kept.at !== here) return [];
  const drafts: unknown = "drafts" in kept ? kept.drafts : [];
  return (Array.isArray(drafts) ? drafts : []).flatMap((each): [string, unknown][] =>
    Array.isArray(each) && typeof each[0] === "string" ? [[each[0], each[1]]] : [],
  );
}

/** Once at the start of the page: what was entered before a reload is there again. */
export function keepDraftsOverReloads(): void {
  try {
    const kept = sessionStorage.getItem(KEPT) ?? "null";
    sessionStorage.removeItem(KEPT);
    for (const [key, draft] of keptAt(window.location.href, JSON.parse(kept))) {
      store.set(key, draft);
    }
  } catch {
    // A browser that keeps nothing, or something that cannot be read: the forms begin anew.
  }
  window.addEventListener("vite:preloadError", () => {
    reloading = true;
  });
  window.addEventListener("pagehide", () => {
    try {
      if (store.size === 0) sessionStorage.removeItem(KEPT);
      else {
        const at = window.location.href;
        sessionStorage.setItem(KEPT, JSON.stringify({ at, drafts: [...store] }));
      }
    } catch {
      // As above.
    }
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Whether something kept has the shape of a form's beginning, so that a draft from before an update
 * cannot break the form of after it. What is nothing at the beginning may have become something.
 */
export function fits<T>(kept: unknown, start: T): kept is T {
  if (start === null || start === undefined || kept === null) return true;
  if (Array.isArray(start) || Array.isArray(kept))
    return Array.isArray(start) === Array.isArray(kept);
  if (!isObject(start)) return typeof kept === typeof start;
  if (!isObject(kept)) return false;
  const parts = new Map<string, unknown>(Object.entries(kept));
  return Object.entries(start).every(([name, value]) => fits(parts.get(name), value));
}

export interface DraftState<T> {
  readonly draft: T;
  readonly change: (change: (last: T) => T) => void;
  /** Something was entered that leaving would lose. */
  readonly dirty: boolean;
}

/** State of a form under a key that names the form, the person and the record. */
export function useDraft<T>(key: string, start: () => T): DraftState<T> {
  const [begun] = useState(start);
  const [draft, setDraft] = useState((): T => {
    const kept = store.get(key);
    return kept !== undefined && fits(kept, begun) ? kept : begun;
  });
  useEffect(
    () => () => {
      if (!ending && !held.delete(key)) store.delete(key);
    },
    [key],
  );
  const change = useCallback(
    (next: (last: T) => T) =>
      setDraft((last) => {
        const changed = next(last);
        store.set(key, changed);
        return changed;
      }),
    [key],
  );
  return { draft, change, dirty: JSON.stringify(draft) !== JSON.stringify(begun) };
}
