import { client } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone } from "@countersign/ui/toast";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMessages } from "../../messages/MessagesProvider";
import { Findings } from "./Findings";
import type { Finding } from "./findings";
import { ReasonDialog } from "./ReasonDialog";

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

  async function ask(note: string, key: (body: unknown) => string) {
    const body = { draft, revises, note };
    await client.POST("/v1/insureds/{insured}/approvals", {
      params: { path: { insured } },
      headers: { "Idempotency-Key": key(body) },
      body,
    });
    void invalidate(cache, "/v1/approvals");
    void invalidate(cache, "/v1/home");
    void invalidate(cache, "/v1/insureds/{insured}", { insured });
    toastDone(t.approvals.asked);
    onAsked();
  }

  return (
    <ReasonDialog
      act={t.approvals.ask}
      label={t.approvals.note}
      hint={t.approvals.noteHint}
      missing={t.approvals.noteMissing}
      field="note"
      size="lg"
      onClose={onClose}
      onSubmit={ask}
    >
      <Text component="p" m={0}>
        {t.approvals.askText}
      </Text>
      <Findings findings={findings} description={draft.description ?? ""} />
    </ReasonDialog>
  );
}
