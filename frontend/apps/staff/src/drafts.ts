import { useCallback, useEffect, useState } from "react";

/*
 * What somebody was entering when their session ended is still there after they sign in again. It
 * lives in the memory of the page only; leaving a form in any other way lets go of it.
 */
let ending = false;

/** The session is about to end: forms that go away now keep what was entered. */
export function keepDrafts(): void {
  ending = true;
}

/** State of a form under a key that names the person and the record. */
export function useDraft<T>(
  store: Map<string, T>,
  key: string,
  start: () => T,
): [T, (change: (last: T) => T) => void] {
  const [value, setValue] = useState(() => store.get(key) ?? start());
  useEffect(() => {
    ending = false;
    return () => {
      if (!ending) store.delete(key);
    };
  }, [store, key]);
  const change = useCallback(
    (next: (last: T) => T) =>
      setValue((last) => {
        const changed = next(last);
        store.set(key, changed);
        return changed;
      }),
    [store, key],
  );
  return [value, change];
}
