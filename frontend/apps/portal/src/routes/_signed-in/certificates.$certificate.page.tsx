import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { certificateQuery } from "../../certificates";
import { CertificatePage } from "../../features/certificates/CertificatePage";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Screen } from "../../Screen";

export const Route = createFileRoute("/_signed-in/certificates/$certificate/page")({
  loader: ({ context, params }) => context.cache.query(certificateQuery(params.certificate)),
  component: Page,
});

function Page() {
  const t = useMessages();
  const { certificate: id } = Route.useParams();
  const { data } = useSuspenseQuery(certificateQuery(id));
  return (
    <Screen
      wide
      title={t.certificates.named(data.number)}
      intro={t.certificates.forHolder(data.holder_name)}
      back={<LinkAnchor {...paths.certificate(id)}>{t.certificates.backToCertificate}</LinkAnchor>}
    >
      <CertificatePage certificate={data} />
    </Screen>
  );
}
