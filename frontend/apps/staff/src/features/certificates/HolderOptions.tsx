import type { components } from "@countersign/api/schema";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Button, Checkbox } from "@mantine/core";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { chosen, type ChosenHolder } from "./batch-row";
import classes from "./PickHolders.module.css";
import { roomAfter, windowAt, withinRoom } from "./sending-room";

type Holder = components["schemas"]["Holder"];

export interface HolderOptionsProps {
  readonly label: string;
  readonly holders: readonly Holder[];
  /** What is added to the quiet words behind a name. */
  readonly soft?: (holder: Holder) => string;
  readonly picked: ReadonlySet<string>;
  readonly onAdd: (holders: readonly ChosenHolder[]) => void;
  readonly onRemove: (holders: readonly string[]) => void;
}

/** Holders to be ticked, one by one or all that still fit, in windows no longer than one sending. */
export function HolderOptions({
  label,
  holders,
  soft,
  picked,
  onAdd,
  onRemove,
}: HolderOptionsProps) {
  const t = useMessages();
  const [wanted, setWanted] = useState(0);
  const { start, end, before, after } = windowAt(holders.length, wanted);
  const shown = useMemo(() => holders.slice(start, end), [holders, start, end]);
  const { taken, leftOut } = withinRoom(picked, shown);
  const all = taken.length + leftOut === 0;
  return (
    <>
      {before + after === 0 ? null : (
        <p className={classes.note} role="status">
          {t.batches.windowOf(start + 1, end, holders.length)} {t.batches.tooMany}
        </p>
      )}
      <div className={classes.tools}>
        <GuardedButton
          variant="default"
          size="compact-sm"
          reason={!all && roomAfter(picked.size) === 0 ? t.batches.tooMany : null}
          onClick={() =>
            all ? onRemove(shown.map((holder) => holder.id)) : onAdd(taken.map(chosen))
          }
        >
          {all
            ? t.batches.chooseNone
            : leftOut === 0
              ? t.batches.chooseAll(shown.length)
              : t.batches.chooseMore(taken.length)}
        </GuardedButton>
        {before === 0 ? null : (
          <Button variant="subtle" size="compact-sm" onClick={() => setWanted(start - before)}>
            {t.batches.previous(before)}
          </Button>
        )}
        {after === 0 ? null : (
          <Button variant="subtle" size="compact-sm" onClick={() => setWanted(end)}>
            {t.batches.next(after)}
          </Button>
        )}
      </div>
      {/* Another window is another list: it begins at its top. */}
      <ul key={start} className={classes.options} aria-label={label}>
        {shown.map((holder) => (
          <li key={holder.id}>
            <Checkbox
              label={
                <>
                  {holder.name}{" "}
                  <span className={classes.soft}>
                    {holder.address.city}, {holder.address.state}
                    {soft?.(holder)}
                  </span>
                </>
              }
              checked={picked.has(holder.id)}
              onChange={(event) =>
                event.currentTarget.checked ? onAdd([chosen(holder)]) : onRemove([holder.id])
              }
            />
          </li>
        ))}
      </ul>
    </>
  );
}
