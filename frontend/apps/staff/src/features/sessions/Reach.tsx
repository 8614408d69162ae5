import type { components } from "@countersign/api/schema";
import { Anchor } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";

export interface ReachProps {
  readonly agency: components["schemas"]["AgencyCard"];
}

/** How to reach somebody when signing in does not work. */
export function Reach({ agency }: ReachProps) {
  const t = useMessages();
  if (!agency.phone && !agency.email) return null;
  return (
    <>
      {t.sessions.trouble}{" "}
      {agency.phone ? <Anchor href={`tel:${agency.phone}`}>{agency.phone}</Anchor> : null}
      {agency.phone && agency.email ? " · " : null}
      {agency.email ? <Anchor href={`mailto:${agency.email}`}>{agency.email}</Anchor> : null}
    </>
  );
}
