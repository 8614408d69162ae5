import { Stack, Text } from "@mantine/core";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Door } from "../../Door";

/** The address names an agency that is not here. */
export function UnknownAgency({ slug }: { readonly slug: string }) {
  const t = useMessages();
  return (
    <Door title={t.notFound.title} agency={null}>
      <Stack gap="md">
        <Text component="p" m={0}>
          {t.sessions.agencyUnknown(slug)}
        </Text>
        <LinkButton {...paths.whichAgency()} size="lg" fullWidth>
          {t.sessions.whichAgency}
        </LinkButton>
      </Stack>
    </Door>
  );
}
