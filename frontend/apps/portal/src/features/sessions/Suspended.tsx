import { Stack, Text } from "@mantine/core";
import type { AgencyCard } from "../../agency";
import { CallAgency } from "../../CallAgency";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Door } from "../../Door";

/** The whole page says it: the agency paused this account (A1.20). */
export function Suspended({ agency }: { readonly agency: AgencyCard }) {
  const t = useMessages();
  return (
    <Door title={t.sessions.suspendedTitle} agency={agency}>
      <Stack gap="md">
        <Text component="p" m={0} role="alert">
          {t.sessions.suspendedText(agency.name)}
        </Text>
        <Text component="p" m={0}>
          {t.sessions.suspendedHelp}
        </Text>
        <CallAgency agency={agency} primary />
        <LinkAnchor {...paths.signIn(agency.slug)} py={8}>
          {t.sessions.backToSignIn}
        </LinkAnchor>
      </Stack>
    </Door>
  );
}
