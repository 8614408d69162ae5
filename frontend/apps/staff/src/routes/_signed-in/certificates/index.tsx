import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readCertificatesFilter } from "../../../certificates-filter";
import { CertificatesSent } from "../../../features/certificates/CertificatesSent";
import { LinkButton } from "../../../LinkButton";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { useMay } from "../../../session";

export const Route = createFileRoute("/_signed-in/certificates/")({
  validateSearch: readCertificatesFilter,
  component: Certificates,
});

function Certificates() {
  const t = useMessages();
  const may = useMay();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  return (
    <Page
      title={t.certificates.title}
      product={t.product}
      actions={
        may("send_certificates") || may("override_findings") ? (
          <LinkButton {...paths.approvals()} variant="default">
            {t.approvals.title}
          </LinkButton>
        ) : null
      }
    >
      <CertificatesSent
        insured={null}
        filter={filter}
        onFilter={(next) =>
          void navigate({
            ...paths.certificates(),
            search: readCertificatesFilter({ ...next }),
            replace: true,
          })
        }
      />
    </Page>
  );
}
