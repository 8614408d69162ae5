import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { TimeZone } from "@countersign/ui/UiProvider";
import { Text } from "@mantine/core";
import { useCallback, useState } from "react";
import type { AgencyCard } from "../../agency";
import { useMessages } from "../../messages/MessagesProvider";
import { Door } from "../../Door";
import { LinkGone } from "./LinkGone";
import { OpeningLink } from "./OpeningLink";
import { RenewalQuestion } from "./RenewalQuestion";
import { useLink } from "./use-link";

type Question = components["schemas"]["LinkedQuestion"];

export interface RenewalLinkProps {
  readonly agency: AgencyCard;
  /** From the fragment of the link; the server never sees it in an address. */
  readonly token: string;
}

/** Opens the question before a renewal run and takes the one answer. */
export function RenewalLink({ agency, token }: RenewalLinkProps) {
  const t = useMessages();
  const [done, setDone] = useState(false);
  const open = useCallback(async () => {
    const { data } = await client.POST("/v1/renewal-links/open", { body: { token } });
    return data ?? null;
  }, [token]);
  const link = useLink<Question>(token, open);

  if (done) {
    return (
      <Door title={t.links.renewal.done} agency={agency}>
        <Text component="p" m={0} role="status">
          {t.links.renewal.doneText(agency.name)}
        </Text>
      </Door>
    );
  }
  switch (link.stage.name) {
    case "gone":
      return (
        // Nobody turns a question off by hand: a newer one does.
        <LinkGone agency={agency} why={link.stage.why === "off" ? "replaced" : link.stage.why} />
      );
    case "opening":
      return <OpeningLink agency={agency} problem={link.stage.problem} onRetry={link.again} />;
    case "shown":
      return (
        <TimeZone timeZone={link.stage.found.agency.time_zone}>
          <RenewalQuestion
            question={link.stage.found}
            token={token}
            onDone={() => setDone(true)}
            onGone={link.end}
          />
        </TimeZone>
      );
  }
}
