import { Page } from "@countersign/ui/Page";
import { createFileRoute } from "@tanstack/react-router";
import { BatchesTable } from "../../../../features/certificates/BatchesTable";
import { useMessages } from "../../../../messages/MessagesProvider";
import { CertificateTabs } from "../-CertificateTabs";

export const Route = createFileRoute("/_signed-in/certificates/batches/")({
  component: Batches,
});

function Batches() {
  const t = useMessages();
  return (
    <Page title={t.batches.title} product={t.product} tabs={<CertificateTabs />}>
      <BatchesTable insured={null} />
    </Page>
  );
}
