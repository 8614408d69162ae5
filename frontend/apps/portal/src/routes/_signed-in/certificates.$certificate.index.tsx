import { usePolling } from "@countersign/api/polling";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createFileRoute } from "@tanstack/react-router";
import { certificateQuery } from "../../certificates";
import { CertificateView } from "../../features/certificates/CertificateView";
import { SendAgain } from "../../features/certificates/SendAgain";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Screen } from "../../Screen";
import { present } from "../../search-params";
import classes from "./certificate.module.css";

export const Route = createFileRoute("/_signed-in/certificates/$certificate/")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ again: search["again"] === true ? (true as const) : undefined }),
  loader: ({ context, params }) => context.cache.query(certificateQuery(params.certificate)),
  component: Certificate,
});

function Certificate() {
  const t = useMessages();
  const navigate = Route.useNavigate();
  const { certificate: id } = Route.useParams();
  const { again } = Route.useSearch();
  const [said, setSaid] = useState<string | null>(null);
  const every = usePolling();
  const { data } = useSuspenseQuery({
    ...certificateQuery(id),
    refetchInterval: (query) => every([query.state.data?.delivery], 2_000),
  });
  return (
    <Screen
      title={data.holder_name}
      over={t.certificates.named(data.number)}
      back={<LinkAnchor {...paths.certificates()}>{t.certificates.back}</LinkAnchor>}
    >
      <p role="status" className={classes.said}>
        {said}
      </p>
      <CertificateView
        certificate={data}
        onAgain={() => void navigate({ search: { again: true } })}
      />
      {again === true ? (
        <SendAgain
          certificate={data}
          onClose={() => void navigate({ search: {}, replace: true })}
          onSent={(text) => {
            setSaid(text);
            void navigate({ search: {}, replace: true });
          }}
        />
      ) : null}
    </Screen>
  );
}
