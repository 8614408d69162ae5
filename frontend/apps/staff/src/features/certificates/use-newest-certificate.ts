import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

export type Certificate = components["schemas"]["Certificate"];

export interface NewestCertificate {
  /** Null while it is on its way. */
  readonly certificate: Certificate | null;
  readonly problem: ProblemError | null;
  readonly again: () => void;
}

/**
 * A certificate as the server knows it now, read once: what a dialog begins with must be neither older
 * than the dialog nor change under it.
 */
export function useNewestCertificate(id: string): NewestCertificate {
  const cache = useQueryClient();
  const [certificate, setCertificate] = useState<Certificate | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    cache
      .query({
        ...api.queryOptions("get", "/v1/certificates/{certificate}", {
          params: { path: { certificate: id } },
        }),
        staleTime: 0,
      })
      .then((read) => {
        if (current) setCertificate(read);
      })
      .catch((thrown: unknown) => {
        if (current) setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [cache, id, attempt]);
  return {
    certificate,
    problem,
    again: () => {
      setProblem(null);
      setAttempt((last) => last + 1);
    },
  };
}
