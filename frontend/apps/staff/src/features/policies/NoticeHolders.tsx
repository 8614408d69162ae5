import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Checkbox } from "@mantine/core";
import { memo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { mayBeTold } from "./may-be-told";
import classes from "./NoticeDialog.module.css";

type PolicyHolder = components["schemas"]["PolicyHolder"];

/** How many rows are drawn at once: a policy may have thousands of holders, and a page draws slowly. */
const DRAWN = 200;

export interface NoticeHoldersProps {
  readonly holders: readonly PolicyHolder[];
  readonly chosen: ReadonlySet<string>;
  /** Keeps its identity, so that a tick draws one row and not all. */
  readonly onChoose: (holder: string, wanted: boolean) => void;
  readonly disabled: boolean;
}

/** Who can be told, to be ticked, and what is known of the others. */
export function NoticeHolders({ holders, chosen, onChoose, disabled }: NoticeHoldersProps) {
  const t = useMessages();
  const [drawn, setDrawn] = useState(DRAWN);
  return (
    <>
      <ul className={classes.options}>
        {holders.slice(0, drawn).map((holder) => (
          <HolderOption
            key={holder.id}
            holder={holder}
            checked={chosen.has(holder.id)}
            onChoose={onChoose}
            disabled={disabled || !mayBeTold(holder)}
          />
        ))}
      </ul>
      {holders.length > drawn ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setDrawn(drawn + DRAWN)}>
          {t.notices.more(holders.length - drawn)}
        </Button>
      ) : null}
    </>
  );
}

interface HolderOptionProps {
  readonly holder: PolicyHolder;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChoose: (holder: string, wanted: boolean) => void;
}

const HolderOption = memo(function HolderOption({
  holder,
  checked,
  disabled,
  onChoose,
}: HolderOptionProps) {
  const t = useMessages();
  const n = t.notices;
  const format = useFormat();

  function standing(): string {
    if (holder.notice && !holder.notice.reached_nobody) {
      return holder.notice.accepted_at
        ? n.told(format.ago(holder.notice.accepted_at), holder.notice.sent_by_name)
        : n.onItsWay(holder.notice.sent_by_name);
    }
    if (holder.emails.length === 0) return n.noAddress;
    const where = format.list(holder.emails);
    if (!holder.notice) return where;
    const { came_back: back } = holder.notice;
    const what =
      back.length === 0 ? n.failed : n.cameBack(format.list(back.map(({ address }) => address)));
    return `${where} · ${what}`;
  }

  return (
    <li>
      <Checkbox
        label={holder.name}
        description={`${standing()} · ${n.certificates(holder.certificate_count)}`}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChoose(holder.id, event.currentTarget.checked)}
      />
    </li>
  );
});
