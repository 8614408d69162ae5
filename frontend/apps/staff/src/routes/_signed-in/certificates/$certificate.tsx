import { usePolling } from "@countersign/api/polling";
import { api } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readCertificateActivityFilter } from "../../../activity-filter";
import { CertificateActivity } from "../../../features/activity/CertificateActivity";
import { CertificatePage } from "../../../features/certificates/CertificatePage";
import { LinkAnchor } from "../../../LinkAnchor";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";

function query(certificate: string) {
  return api.queryOptions("get", "/v1/certificates/{certificate}", {
    params: { path: { certificate } },
  });
}

export const Route = createFileRoute("/_signed-in/certificates/$certificate")({
  validateSearch: readCertificateActivityFilter,
  loader: ({ context, params }) => context.cache.query(query(params.certificate)),
  component: CertificateRoute,
});

function CertificateRoute() {
  const t = useMessages();
  const { certificate: id } = Route.useParams();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  const poll = usePolling();
  const { data: certificate } = api.useSuspenseQuery(
    "get",
    "/v1/certificates/{certificate}",
    { params: { path: { certificate: id } } },
    {
      // While a mail is on its way the page follows it.
      refetchInterval: ({ state }) => poll(state.data?.deliveries ?? [], 3_000),
    },
  );
  return (
    <Page
      title={t.certificates.named(
        t.certificates.revision(certificate.number, certificate.revision),
      )}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(certificate.insured_id)}>
            {certificate.insured_name}
          </LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.certificatesSent(certificate.insured_id)}>
            {t.certificates.sent}
          </LinkAnchor>
        </>
      }
    >
      <CertificatePage
        key={certificate.id}
        certificate={certificate}
        history={
          <CertificateActivity
            certificate={certificate}
            filter={filter}
            onFilter={(next) =>
              void navigate({
                ...paths.certificate(id),
                search: readCertificateActivityFilter({ ...next }),
                replace: true,
                // The history stands far down the page, and whoever narrows it looks there.
                resetScroll: false,
              })
            }
          />
        }
      />
    </Page>
  );
}
