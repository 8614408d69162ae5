import { isProblem } from "@countersign/api/problem";
import { Stack, Text } from "@mantine/core";
import type { AgencyCard } from "../../agency";
import { CallAgency } from "../../CallAgency";
import { useMessages } from "../../messages/MessagesProvider";
import { Door } from "../../Door";

/** Why a link opens nothing. */
export type Gone = "off" | "replaced" | "expired" | "unknown" | "used";

/** What a refusal says about a link; null where it is about something else. */
export function goneOf(thrown: unknown): Gone | null {
  if (isProblem(thrown, "link_turned_off")) return "off";
  if (isProblem(thrown, "link_used")) return "used";
  if (isProblem(thrown, "link_expired")) return "expired";
  if (isProblem(thrown, "link_unknown")) return "unknown";
  return null;
}

export interface LinkGoneProps {
  readonly agency: AgencyCard;
  readonly why: Gone;
}

/** The whole page says why the link opens nothing, and whom to ask. */
export function LinkGone({ agency, why }: LinkGoneProps) {
  const t = useMessages();
  return (
    <Door title={t.links.gone[why]} agency={agency}>
      <Stack gap="md">
        <Text component="p" m={0} role="alert">
          {t.links.goneText[why](agency.name)}
        </Text>
        {why === "used" ? null : (
          <Text component="p" m={0}>
            {t.links.goneHelp}
          </Text>
        )}
        <CallAgency agency={agency} primary />
      </Stack>
    </Door>
  );
}
