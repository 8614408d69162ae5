import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone, toastProblem, toastUndo } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useMessages } from "../../messages/MessagesProvider";

type Certificate = components["schemas"]["Certificate"];

/** Says that a mail is on its way, and takes it back for as long as it waits. */
export function useToastSent(): (certificate: Certificate | undefined, message: string) => void {
  const t = useMessages();
  const cache = useQueryClient();

  async function undo(certificate: Certificate, delivery: string) {
    try {
      await client.POST("/v1/certificates/{certificate}/deliveries/{delivery}/undo", {
        params: { path: { certificate: certificate.id, delivery } },
      });
      const { number, revision } = certificate;
      const nobody = certificate.deliveries.length === 1;
      toastDone(
        revision > 0 && nobody
          ? t.undoing.doneRevision(t.certificates.revision(number, revision))
          : t.undoing.done(number),
      );
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    } finally {
      void invalidate(cache, "/v1/insureds/{insured}", { insured: certificate.insured_id });
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/home");
    }
  }

  return (certificate, message) => {
    const newest = certificate?.deliveries[0];
    if (certificate === undefined || newest?.undo_until == null) {
      toastDone(message);
      return;
    }
    // Both moments are the server's, so that no clock of the machine comes into it.
    const wait = (Date.parse(newest.undo_until) - Date.parse(newest.queued_at)) / 1000;
    toastUndo(message, {
      // The mail may leave while the request is under way: what cannot be kept is not promised.
      seconds: Math.max(Math.floor(wait) - 1, 1),
      label: t.undoing.undo,
      onUndo: () => void undo(certificate, newest.id),
    });
  };
}
