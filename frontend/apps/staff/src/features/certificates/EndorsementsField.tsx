import type { components } from "@countersign/api/schema";
import { EnclosureChoice } from "@countersign/ui/EnclosureChoice";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import type { Channel } from "./ChannelField";
import classes from "./EndorsementsField.module.css";

export type Enclosures = components["schemas"]["Enclosures"];

export interface EndorsementsFieldProps {
  /** What would go with the page; null while no page is drawn. */
  readonly enclosures: Enclosures | null;
  readonly channel: Channel;
  readonly value: boolean;
  readonly onChange: (attach: boolean) => void;
}

/** Whether what would go along is more than one mail carries. A link has no limit. */
export function isTooHeavy(enclosures: Enclosures | null, channel: Channel, attach: boolean) {
  const limit = enclosures?.mail_limit_bytes ?? Number.POSITIVE_INFINITY;
  return attach && channel === "attachment" && (enclosures?.size_bytes ?? 0) > limit;
}

/** Whether the endorsements that the certificate rests on go along, each with the size of its file. */
export function EndorsementsField({
  enclosures,
  channel,
  value,
  onChange,
}: EndorsementsFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const a = t.attachments;
  if (enclosures === null) return null;
  const { endorsements, size_bytes: size, mail_limit_bytes: limit } = enclosures;
  const files = endorsements.filter((each) => each.size_bytes != null);
  const tooHeavy = isTooHeavy(enclosures, channel, value);
  if (endorsements.length === 0) return <p className={classes.soft}>{a.noneBehind}</p>;
  return (
    <EnclosureChoice
      choice={
        files.length === 0 ? (
          <p className={classes.soft}>{a.noFiles}</p>
        ) : (
          <Checkbox
            label={a.behind}
            description={a.behindHint}
            checked={value}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
        )
      }
      inset={30}
      rows={endorsements.map((each) => ({
        id: `${each.policy_number} ${each.form}`,
        name: a.behindRow(each.form, each.title),
        size: each.size_bytes == null ? a.noFile : format.bytes(each.size_bytes),
      }))}
      goAlong={value && files.length > 0}
      fault={tooHeavy ? a.tooHeavy(format.bytes(size), format.bytes(limit ?? 0)) : null}
      total={!tooHeavy && files.length > 0 && value ? a.total(format.bytes(size)) : null}
    />
  );
}
