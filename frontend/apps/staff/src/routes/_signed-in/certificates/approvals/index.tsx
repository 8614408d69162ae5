import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readApprovalView } from "../../../../approvals-view";
import { ApprovalsList } from "../../../../features/certificates/ApprovalsList";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { CertificateTabs } from "../-CertificateTabs";

export const Route = createFileRoute("/_signed-in/certificates/approvals/")({
  validateSearch: readApprovalView,
  component: Approvals,
});

function Approvals() {
  const t = useMessages();
  const { view = "waiting" } = Route.useSearch();
  const navigate = useNavigate();
  return (
    <Page title={t.approvals.title} product={t.product} tabs={<CertificateTabs />}>
      <ApprovalsList
        view={view}
        onView={(next) => void navigate({ ...paths.approvals(next), replace: true })}
      />
    </Page>
  );
}
