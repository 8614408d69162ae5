import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";

export interface RemoveFileProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly form: components["schemas"]["Endorsement"];
  readonly onClose: () => void;
}

/** Takes the PDF off an endorsement; what it went with keeps it. */
export function RemoveFile({ record, form, onClose }: RemoveFileProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const a = t.attachments;
  const [version] = useState(record.version);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const name = `${form.form_number} ${form.edition}`;

  async function remove() {
    setBusy(true);
    setProblem(null);
    try {
      await client.DELETE("/v1/policies/{policy}/endorsements/{endorsement}/file", {
        params: { path: { policy: record.id, endorsement: form.id } },
        headers: ifMatch(version),
      });
      await invalidate(cache, "/v1/policies/{policy}", { policy: record.id });
      void invalidate(cache, "/v1/insureds/{insured}", { insured: record.insured_id });
      toastDone(a.removed(name));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void remove()}
      title={a.removeOf(name)}
      confirmLabel={a.remove}
      danger
      busy={busy}
      problem={problem === null ? null : { problem }}
    >
      {a.removeText}
    </ConfirmDialog>
  );
}
