import { usePolling } from "@countersign/api/polling";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { certificateQuery } from "../../certificates";
import { Sent } from "../../features/certificates/Sent";
import { useSession } from "../../session";

export const Route = createFileRoute("/_signed-in/certificates/$certificate/sent")({
  loader: ({ context, params }) => context.cache.query(certificateQuery(params.certificate)),
  component: Done,
});

function Done() {
  const { agency } = useSession();
  const { certificate: id } = Route.useParams();
  const every = usePolling();
  const { data } = useSuspenseQuery({
    ...certificateQuery(id),
    // A delayed mail is tried again by itself; the page tells when it went.
    refetchInterval: (query) => every([query.state.data?.delivery], 1_500),
  });
  return <Sent certificate={data} agency={agency} />;
}
