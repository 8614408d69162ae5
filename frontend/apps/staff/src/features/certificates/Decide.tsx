import { client } from "@countersign/api/client";
import type { ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone } from "@countersign/ui/toast";
import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMessages } from "../../messages/MessagesProvider";
import { ReasonDialog } from "./ReasonDialog";

/** Refusals that say that what was looked at is not what is there now. */
const OUTDATED = ["approval_changed", "approval_decided", "certificate_blocked"];

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

  async function decide(reason: string, key: (body: unknown) => string) {
    const params = { path: { approval: approval.id } };
    if (how === "approve") {
      const body = {
        reason,
        seen_page: approval.page?.seen_page ?? "",
        seen_findings: approval.page?.seen_findings ?? [],
      };
      const headers = { "Idempotency-Key": key(body) };
      await client.POST("/v1/approvals/{approval}/approve", { params, headers, body });
    } else {
      const body = { reason };
      const headers = { "Idempotency-Key": key(body) };
      await client.POST("/v1/approvals/{approval}/decline", { params, headers, body });
    }
    void invalidate(cache, "/v1/approvals");
    void invalidate(cache, "/v1/certificates");
    void invalidate(cache, "/v1/home");
    void invalidate(cache, "/v1/insureds/{insured}", { insured: approval.insured_id });
    toastDone(how === "approve" ? a.approved(approval.holder_name) : a.declined);
    onClose();
  }

  function refusal(problem: ProblemError) {
    if (!OUTDATED.includes(problem.slug)) return { problem: { problem }, final: false };
    const fix = (
      <Button variant="default" size="xs" onClick={onLookAgain}>
        {a.lookAgain}
      </Button>
    );
    return { problem: { problem, fix }, final: true };
  }

  return (
    <ReasonDialog
      act={how === "approve" ? a.approve : a.decline}
      label={t.certificates.reason}
      hint={how === "approve" ? a.approveHint : a.declineHint}
      missing={t.certificates.reasonMissing}
      field="reason"
      danger={how === "decline"}
      onClose={onClose}
      onSubmit={decide}
      refusal={refusal}
    >
      <Text component="p" m={0}>
        {how === "approve"
          ? a.approveText(approval.holder_name)
          : a.declineText(approval.asked_by_name)}
      </Text>
    </ReasonDialog>
  );
}
