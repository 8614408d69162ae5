import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { resendProblem } from "./resend-problem";

export interface ResendExactProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** The same bytes to the same people once more. */
export function ResendExact({ certificate, onClose }: ResendExactProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const to = certificate.delivery?.to ?? [];

  async function send() {
    setBusy(true);
    setProblem(null);
    const body = { kind: "exact_copy" } as const;
    try {
      await client.POST("/v1/certificates/{certificate}/deliveries", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      toastDone(t.certificates.resent(format.list(to)));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      if (trouble.status !== 0) intent.settle();
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void send()}
      title={t.certificates.resendExact}
      confirmLabel={t.certificates.resendTo(to.length)}
      busy={busy}
      disabled={problem?.slug === "certificate_term_ended"}
      problem={resendProblem(problem, certificate.insured_id, certificate.master.id, t)}
    >
      <Text component="p" m={0}>
        {t.certificates.resendExactText(certificate.number, certificate.holder_name)}
      </Text>
      <Text component="p" m={0} mt={8} fw={500}>
        {format.list(to)}
      </Text>
    </ConfirmDialog>
  );
}
