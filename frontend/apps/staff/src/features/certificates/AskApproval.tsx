import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { Findings } from "./Findings";
import type { Finding } from "./findings";

export interface AskApprovalProps {
  readonly insured: string;
  readonly draft: components["schemas"]["SendBody"];
  /** The certificate whose next revision it is; null for a first sending. */
  readonly revises: string | null;
  /** What blocks. */
  readonly findings: readonly Finding[];
  readonly onClose: () => void;
  readonly onAsked: () => void;
}

/** Asks a second person to lift what blocks a certificate; the draft waits with the request. */
export function AskApproval({
  insured,
  draft,
  revises,
  findings,
  onClose,
  onAsked,
}: AskApprovalProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [note, setNote] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);

  async function ask() {
    if (note.trim() === "") {
      setError(t.approvals.noteMissing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    const body = { draft, revises, note: note.trim() };
    try {
      await client.POST("/v1/insureds/{insured}/approvals", {
        params: { path: { insured } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/approvals");
      void invalidate(cache, "/v1/home");
      void invalidate(cache, "/v1/insureds/{insured}", { insured });
      toastDone(t.approvals.asked);
      onAsked();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const { beside } = shareFaults(trouble, (field) => field === "note", t);
      if (beside["note"] === undefined) setProblem(trouble);
      else setError(beside["note"]);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.approvals.ask}
      submitLabel={t.approvals.ask}
      busy={busy}
      dirty={note.trim() !== ""}
      size="lg"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
      problem={problem === null ? null : { problem }}
    >
      <Text component="p" m={0}>
        {t.approvals.askText}
      </Text>
      <Findings findings={findings} description={draft.description ?? ""} />
      <Textarea
        label={t.approvals.note}
        description={t.approvals.noteHint}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={error}
        maxLength={500}
        autosize
        minRows={3}
        maxRows={8}
        required
        data-autofocus
      />
    </FormDialog>
  );
}
