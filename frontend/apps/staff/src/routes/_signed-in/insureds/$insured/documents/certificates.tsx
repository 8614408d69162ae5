import { GuardedButton } from "@countersign/ui/GuardedButton";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readCertificatesFilter } from "../../../../../certificates-filter";
import { CertificatesSent } from "../../../../../features/certificates/CertificatesSent";
import { insuredQuery, mastersQuery } from "../../../../../insured";
import { LinkButton } from "../../../../../LinkButton";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured/documents/certificates")({
  validateSearch: readCertificatesFilter,
  component: CertificatesOfInsured,
});

function CertificatesOfInsured() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const masters = useQuery(mastersQuery(id)).data?.data ?? [];
  return (
    <CertificatesSent
      insured={id}
      filter={filter}
      onFilter={(next) =>
        void navigate({
          ...paths.certificatesSent(id),
          search: readCertificatesFilter({ ...next }),
          replace: true,
        })
      }
      masters={masters}
      send={
        insured.may.includes("send_certificate") ? (
          <LinkButton {...paths.sendCertificate(id)}>{t.certificates.send}</LinkButton>
        ) : (
          <GuardedButton reason={t.certificates.whyNot.resend}>{t.certificates.send}</GuardedButton>
        )
      }
    />
  );
}
