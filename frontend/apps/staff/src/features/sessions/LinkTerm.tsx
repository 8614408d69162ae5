import { useFormat } from "@countersign/ui/UiProvider";
import { Text } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";

export interface LinkTermProps {
  readonly until: string;
}

/** What the link is for, and until when, in the zone around it. */
export function LinkTerm({ until }: LinkTermProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <Text component="p" m={0}>
      {t.sessions.setPasswordText(format.moment(until))}
    </Text>
  );
}
