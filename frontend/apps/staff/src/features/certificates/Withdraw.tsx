import { client } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone } from "@countersign/ui/toast";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMessages } from "../../messages/MessagesProvider";
import { certificateProblem } from "./certificate-problem";
import { ReasonDialog } from "./ReasonDialog";

export interface WithdrawProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** Takes a certificate back; why is asked for, and stands with it from then on. */
export function Withdraw({ certificate, onClose }: WithdrawProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const label = t.certificates.revision(certificate.number, certificate.revision);

  async function withdraw(reason: string, key: (body: unknown) => string) {
    const body = { reason };
    await client.POST("/v1/certificates/{certificate}/withdrawal", {
      params: { path: { certificate: certificate.id } },
      headers: { "Idempotency-Key": key(body) },
      body,
    });
    void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
    void invalidate(cache, "/v1/certificates");
    void invalidate(cache, "/v1/home");
    toastDone(t.certificates.withdrawn(label));
    onClose();
  }

  return (
    <ReasonDialog
      act={t.certificates.withdraw}
      label={t.certificates.reason}
      hint={t.certificates.reasonHint}
      missing={t.certificates.reasonMissing}
      field="reason"
      danger
      onClose={onClose}
      onSubmit={withdraw}
      refusal={(problem) => ({
        problem: certificateProblem(problem, certificate, t),
        final: problem.slug === "certificate_not_standing",
      })}
    >
      <Text component="p" m={0}>
        {t.certificates.withdrawText(label, certificate.holder_name)}
      </Text>
    </ReasonDialog>
  );
}
