import { createFileRoute } from "@tanstack/react-router";
import { CertificatesSent } from "../../features/certificates/CertificatesSent";
import { useMessages } from "../../messages/MessagesProvider";
import { Screen } from "../../Screen";
import { present, textParam } from "../../search-params";

export const Route = createFileRoute("/_signed-in/certificates/")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ holder: textParam(search["holder"]) }),
  component: Certificates,
});

function Certificates() {
  const t = useMessages();
  const navigate = Route.useNavigate();
  const { holder = "" } = Route.useSearch();
  return (
    <Screen title={t.certificates.title}>
      <CertificatesSent
        holder={holder}
        onSearch={(next) =>
          void navigate({ search: next === "" ? {} : { holder: next }, replace: true })
        }
      />
    </Screen>
  );
}
