import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readCertificatesFilter } from "../../../certificates-filter";
import { CertificatesSent } from "../../../features/certificates/CertificatesSent";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { CertificateTabs } from "./-CertificateTabs";

export const Route = createFileRoute("/_signed-in/certificates/")({
  validateSearch: readCertificatesFilter,
  component: Certificates,
});

function Certificates() {
  const t = useMessages();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  return (
    <Page title={t.certificates.title} product={t.product} tabs={<CertificateTabs />}>
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
