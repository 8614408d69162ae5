import type { components } from "@countersign/api/schema";
import { EnclosureChoice } from "@countersign/ui/EnclosureChoice";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";

type Enclosures = components["schemas"]["Enclosures"];

/** Whether page and files are more than one mail carries; where the agency mails links there is no limit. */
export function isTooHeavy(enclosures: Enclosures | undefined, attach: boolean): boolean {
  const limit = enclosures?.mail_limit_bytes ?? Number.POSITIVE_INFINITY;
  return attach && (enclosures?.size_bytes ?? 0) > limit;
}

export interface EndorsementsProps {
  readonly enclosures: Enclosures;
  readonly value: boolean;
  readonly onChange: (attach: boolean) => void;
}

/** The endorsements that go along with a certificate, and whether they do. */
export function Endorsements({ enclosures, value, onChange }: EndorsementsProps) {
  const t = useMessages();
  const format = useFormat();
  const files = enclosures.endorsements.filter((each) => each.size_bytes != null);
  if (files.length === 0) return null;
  return (
    <EnclosureChoice
      choice={
        <Checkbox
          size="md"
          label={t.send.endorsements.attach}
          description={t.send.endorsements.hint}
          checked={value}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      }
      inset={36}
      rows={files.map((each) => ({
        id: `${each.policy_number} ${each.form}`,
        name: t.send.endorsements.row(each.form, each.title),
        size: format.bytes(each.size_bytes ?? 0),
      }))}
      goAlong={value}
      fault={
        isTooHeavy(enclosures, value)
          ? t.send.endorsements.tooHeavy(
              format.bytes(enclosures.size_bytes),
              format.bytes(enclosures.mail_limit_bytes ?? 0),
            )
          : null
      }
    />
  );
}
