import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { TimeZone } from "@countersign/ui/UiProvider";
import { useCallback } from "react";
import type { AgencyCard } from "../../agency";
import { LinkedCertificate } from "./LinkedCertificate";
import { LinkGone } from "./LinkGone";
import { OpeningLink } from "./OpeningLink";
import { useLink } from "./use-link";

export interface CertificateLinkProps {
  readonly agency: AgencyCard;
  /** From the fragment of the link; the server never sees it in an address. */
  readonly token: string;
}

/** Opens a link to a certificate and shows it, or says why it opens nothing. */
export function CertificateLink({ agency, token }: CertificateLinkProps) {
  const open = useCallback(async () => {
    const { data } = await client.POST("/v1/certificate-links/open", { body: { token } });
    return data ?? null;
  }, [token]);
  const link = useLink<components["schemas"]["LinkedCertificate"]>(token, open);

  switch (link.stage.name) {
    case "gone":
      return <LinkGone agency={agency} why={link.stage.why} />;
    case "opening":
      return <OpeningLink agency={agency} problem={link.stage.problem} onRetry={link.again} />;
    case "shown":
      return (
        <TimeZone timeZone={link.stage.found.agency.time_zone}>
          <LinkedCertificate certificate={link.stage.found} token={token} onGone={link.end} />
        </TimeZone>
      );
  }
}
