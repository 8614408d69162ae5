import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Interest } from "../../interest";
import { useMessages } from "../../messages/MessagesProvider";
import { StaleFix } from "../../StaleFix";

export interface EndInterestProps {
  readonly interest: Interest;
  readonly onClose: () => void;
}

/** Asks, and ends the interest. */
export function EndInterest({ interest, onClose }: EndInterestProps) {
  const t = useMessages();
  const i = t.interests;
  const cache = useQueryClient();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);

  function refresh() {
    return invalidate(cache, "/v1/insureds/{insured}", { insured: interest.insured_id });
  }

  async function end() {
    setBusy(true);
    setProblem(null);
    try {
      await client.POST("/v1/insureds/{insured}/interests/{interest}/end", {
        params: {
          path: { insured: interest.insured_id, interest: interest.id },
          header: ifMatch(interest.version),
        },
      });
      await refresh();
      toastDone(i.endedDone(interest.name));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      setProblem(trouble);
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void end()}
      title={i.ending(interest.name)}
      confirmLabel={i.endConfirm}
      danger
      busy={busy}
      problem={
        problem === null
          ? null
          : {
              problem,
              fix:
                problem.slug === "stale_version" ? (
                  <StaleFix onReload={() => void refresh().then(onClose)} />
                ) : null,
            }
      }
    >
      {i.endText(interest.name, i.natures[interest.nature])}
    </ConfirmDialog>
  );
}
