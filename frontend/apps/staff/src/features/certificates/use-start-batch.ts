import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { type FieldProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { rowFaults } from "./row-faults";

/** Starts a sending to many holders, once however often it is pressed, and goes to its page. */
export function useStartBatch(insured: string) {
  const t = useMessages();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  /** What was refused, by the names of the rows that were sent. */
  const [faults, setFaults] = useState<readonly FieldProblem[]>([]);

  async function start(
    body: components["schemas"]["BatchBody"],
    sent: number,
    names: readonly string[],
  ) {
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await client.POST("/v1/insureds/{insured}/batches", {
        params: { path: { insured } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/batches");
      // A renewal run that was started needs nobody to look at the insured's answer any more.
      void invalidate(cache, "/v1/tasks");
      if (data === undefined) return;
      toastDone(t.batches.started(sent));
      await navigate({ ...paths.batch(data.id), ignoreBlocker: true });
    } catch (thrown) {
      const trouble = problemOf(thrown);
      // Without an answer the batch may have been started; the same key finds out.
      intent.settle(trouble);
      setFaults(rowFaults(trouble.fields, names, t));
      setProblem(trouble);
      setBusy(false);
    }
  }

  return { start, busy, problem, faults, dismiss: () => setProblem(null) };
}
