import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { Loading } from "@countersign/ui/Loading";
import { useFormat } from "@countersign/ui/UiProvider";
import { Skeleton, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { certificateProblem, isFinal } from "./certificate-problem";
import { type Channel, ChannelField } from "./ChannelField";
import { Concerns } from "../../Concerns";
import { lastEnvelope } from "./last-envelope";
import { NotResendable } from "./NotResendable";
import { isResendTooHeavy } from "./resend-weight";
import { ResendFiles } from "./ResendFiles";
import { useNewestCertificate } from "./use-newest-certificate";
import { useRecipientCheck } from "../../use-recipient-check";
import { useToastSent } from "./use-toast-sent";

export interface ResendExactProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** The same bytes to the same people once more, each of whom is named first. */
export function ResendExact({ certificate, onClose }: ResendExactProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const toastSent = useToastSent();
  const newest = useNewestCertificate(certificate.id);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  /** Null: as the last mail went. */
  const [chosen, setChosen] = useState<Channel | null>(null);
  const last = newest.certificate === null ? null : lastEnvelope(newest.certificate);
  const channel = chosen ?? last?.channel ?? "attachment";
  const everybody = last === null ? [] : [...last.to, ...last.cc];

  const check = useRecipientCheck(last?.to ?? [], last?.cc ?? [], certificate.holder_id);

  async function send() {
    setBusy(true);
    setProblem(null);
    const body = { kind: "exact_copy", channel, undoable: true } as const;
    try {
      const { data } = await client.POST("/v1/certificates/{certificate}/deliveries", {
        params: { path: { certificate: certificate.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      toastSent(data, t.certificates.resent(format.list(everybody)));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  const gone = newest.certificate?.resend_refused ?? null;
  const heavy = newest.certificate !== null && isResendTooHeavy(newest.certificate, channel);
  const unread =
    newest.problem === null ? null : { problem: newest.problem, onRetry: newest.again };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void send()}
      title={t.certificates.resendExact}
      confirmLabel={gone === null ? t.certificates.resendTo(everybody.length) : null}
      busy={busy}
      disabled={everybody.length === 0 || heavy || isFinal(problem) || check.waiting}
      problem={unread ?? certificateProblem(problem, certificate, t)}
    >
      {gone === null ? (
        <Text component="p" m={0}>
          {t.certificates.resendExactText(certificate.number, certificate.holder_name)}
        </Text>
      ) : (
        <NotResendable reason={gone} certificate={certificate} />
      )}
      {gone !== null ? null : newest.certificate === null || last === null ? (
        unread === null ? (
          <Loading>
            <Skeleton height={22} mt={8} />
          </Loading>
        ) : null
      ) : (
        <>
          <Text component="p" m={0} mt={8} fw={500} style={{ overflowWrap: "anywhere" }}>
            {format.list(last.to)}
          </Text>
          {last.cc.length === 0 ? null : (
            <Text component="p" m={0} style={{ overflowWrap: "anywhere" }}>
              {t.deliveries.copyTo(format.list(last.cc))}
            </Text>
          )}
          <Stack gap="sm" mt="sm">
            <Concerns concerns={check.concerns} failed={check.failed} />
            <ChannelField
              value={channel}
              onChange={(next) => {
                setChosen(next);
                // What was refused was the other way.
                setProblem(null);
              }}
            />
            <ResendFiles certificate={newest.certificate} channel={channel} />
          </Stack>
        </>
      )}
    </ConfirmDialog>
  );
}
