import { Radio, Stack, Text } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import type { Channel } from "./ChannelField";

export interface EachChannelFieldProps {
  /** Null: as each holder prefers. */
  readonly value: Channel | null;
  readonly onChange: (channel: Channel | null) => void;
}

/** Whether the mails to many holders go as each of them prefers, or all in one way. */
export function EachChannelField({ value, onChange }: EachChannelFieldProps) {
  const t = useMessages();
  return (
    <Radio.Group
      label={t.channels.label}
      value={value ?? "each"}
      onChange={(next) => onChange(next === "link" || next === "attachment" ? next : null)}
    >
      <Stack gap={6} mt={4}>
        <Radio value="each" label={t.channels.each} />
        <Radio value="attachment" label={t.channels.attachment} />
        <Radio value="link" label={t.channels.link} />
        {value === "attachment" ? null : (
          <Text component="p" m={0} c="dimmed">
            {value === null ? t.channels.eachText : t.channels.linkText}
          </Text>
        )}
      </Stack>
    </Radio.Group>
  );
}
