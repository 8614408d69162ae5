import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { Button, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";

export interface DecideProps {
  readonly approval: components["schemas"]["Approval"];
  readonly how: "approve" | "decline";
  readonly onClose: () => void;
  readonly onLookAgain: () => void;
}

/** The decision of a second person, with the reason that stands with it. */
export function Decide({ approval, how, onClose, onLookAgain }: DecideProps) {
  const t = useMessages();
  const a = t.approvals;
  const cache = useQueryClient();
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const outdated =
    problem?.slug === "approval_changed" ||
    problem?.slug === "approval_decided" ||
    problem?.slug === "certificate_blocked";

  async function decide() {
    if (reason.trim() === "") {
      setError(t.certificates.reasonMissing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    const params = { path: { approval: approval.id } };
    try {
      if (how === "approve") {
        const body = {
          reason: reason.trim(),
          seen_page: approval.page?.seen_page ?? "",
          seen_findings: approval.page?.seen_findings ?? [],
        };
        const headers = { "Idempotency-Key": intent.key(body) };
        await client.POST("/v1/approvals/{approval}/approve", { params, headers, body });
      } else {
        const body = { reason: reason.trim() };
        const headers = { "Idempotency-Key": intent.key(body) };
        await client.POST("/v1/approvals/{approval}/decline", { params, headers, body });
      }
      intent.settle();
      void invalidate(cache, "/v1/approvals");
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/home");
      void invalidate(cache, "/v1/insureds/{insured}", { insured: approval.insured_id });
      toastDone(how === "approve" ? a.approved(approval.holder_name) : a.declined);
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const { beside } = shareFaults(trouble, (field) => field === "reason", t);
      if (beside["reason"] === undefined) setProblem(trouble);
      else setError(beside["reason"]);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={how === "approve" ? a.approve : a.decline}
      submitLabel={how === "approve" ? a.approve : a.decline}
      danger={how === "decline"}
      busy={busy}
      dirty={reason.trim() !== ""}
      disabled={outdated}
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
      problem={
        problem === null
          ? null
          : {
              problem,
              ...(outdated
                ? {
                    fix: (
                      <Button variant="default" size="xs" onClick={onLookAgain}>
                        {a.lookAgain}
                      </Button>
                    ),
                  }
                : {}),
            }
      }
    >
      <Text component="p" m={0}>
        {how === "approve"
          ? a.approveText(approval.holder_name)
          : a.declineText(approval.asked_by_name)}
      </Text>
      <Textarea
        label={t.certificates.reason}
        description={how === "approve" ? a.approveHint : a.declineHint}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
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
