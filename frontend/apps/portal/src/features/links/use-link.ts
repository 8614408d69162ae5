import { problemOf, type ProblemError } from "@countersign/api/problem";
import { useCallback, useEffect, useState } from "react";
import { type Gone, goneOf } from "./LinkGone";

export type Stage<T> =
  | { readonly name: "opening"; readonly problem: ProblemError | null }
  | { readonly name: "shown"; readonly found: T }
  | { readonly name: "gone"; readonly why: Gone };

/**
 * Asks for what a link opens. The page does it with its own script: a program that only fetches addresses, as scanners
 * of mail do, has opened nothing. `open` is the same for as long as the token is.
 */
export function useLink<T>(token: string, open: () => Promise<T | null>) {
  const [stage, setStage] = useState<Stage<T>>(
    token === "" ? { name: "gone", why: "unknown" } : { name: "opening", problem: null },
  );

  const load = useCallback(() => {
    if (token === "") return undefined;
    let current = true;
    open()
      .then((found) => {
        if (current && found !== null) setStage({ name: "shown", found });
      })
      .catch((thrown: unknown) => {
        if (!current) return;
        const why = goneOf(thrown);
        setStage(
          why === null ? { name: "opening", problem: problemOf(thrown) } : { name: "gone", why },
        );
      });
    return () => {
      current = false;
    };
  }, [token, open]);
  useEffect(load, [load]);

  const end = useCallback((why: Gone) => setStage({ name: "gone", why }), []);
  function again() {
    setStage({ name: "opening", problem: null });
    load();
  }
  return { stage, again, end };
}
