import type { components } from "@countersign/api/schema";
import { Radio, Stack, Text } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";

export type Channel = components["schemas"]["ChannelWord"];

export interface ChannelFieldProps {
  readonly value: Channel;
  /** How the holder wants it, where somebody wrote that down. */
  readonly preferred?: Channel | null;
  readonly onChange: (channel: Channel) => void;
}

/** Whether a mail carries the page itself or a link that can be turned off. */
export function ChannelField({ value, preferred = null, onChange }: ChannelFieldProps) {
  const t = useMessages();
  return (
    <Radio.Group
      label={t.channels.label}
      description={preferred === null ? null : t.channels.prefers[preferred]}
      value={value}
      onChange={(next) => onChange(next === "link" ? "link" : "attachment")}
    >
      <Stack gap={6} mt={4}>
        <Radio value="attachment" label={t.channels.attachment} />
        <Radio value="link" label={t.channels.link} />
        {value === "link" ? (
          <Text component="p" m={0} c="dimmed">
            {t.channels.linkText}
          </Text>
        ) : null}
      </Stack>
    </Radio.Group>
  );
}
