import { GuardedButton } from "@countersign/ui/GuardedButton";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { BatchesTable } from "../../../../../features/certificates/BatchesTable";
import { insuredQuery } from "../../../../../insured";
import { LinkButton } from "../../../../../LinkButton";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured/documents/batches")({
  component: BatchesOfInsured,
});

function BatchesOfInsured() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  return (
    <BatchesTable
      insured={id}
      start={
        insured.may.includes("send_certificate") ? (
          <>
            <LinkButton {...paths.sendMany(id)}>{t.batches.sendMany}</LinkButton>
            <LinkButton {...paths.renewalRun(id)} variant="default">
              {t.batches.renewalRun}
            </LinkButton>
          </>
        ) : (
          <GuardedButton reason={t.batches.mayNot}>{t.batches.sendMany}</GuardedButton>
        )
      }
    />
  );
}
