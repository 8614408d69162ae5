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
import { certificateProblem } from "./certificate-problem";

export interface WithdrawProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** Takes a certificate back; why is asked for, and stands with it from then on. */
export function Withdraw({ certificate, onClose }: WithdrawProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const label = t.certificates.revision(certificate.number, certificate.revision);

  async function withdraw() {
    if (reason.trim() === "") {
      setError(t.certificates.reasonMissing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    const body = { reason: reason.trim() };
    try {
      await client.POST("/v1/certificates/{certificate}/withdrawal", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/home");
      toastDone(t.certificates.withdrawn(label));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const { beside } = shareFaults(trouble, (field) => field === "reason", t);
      if (beside["reason"] === undefined) setProblem(trouble);
      else setError(beside["reason"]);
    } finally {
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.certificates.withdraw}
      submitLabel={t.certificates.withdraw}
      danger
      busy={busy}
      dirty={reason.trim() !== ""}
      disabled={problem?.slug === "certificate_not_standing"}
      onSubmit={(event) => {
        event.preventDefault();
        void withdraw();
      }}
      problem={certificateProblem(problem, certificate, t)}
    >
      <Text component="p" m={0}>
        {t.certificates.withdrawText(label, certificate.holder_name)}
      </Text>
      <Textarea
        label={t.certificates.reason}
        description={t.certificates.reasonHint}
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
