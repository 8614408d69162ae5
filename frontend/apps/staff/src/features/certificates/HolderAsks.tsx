import { StatusBadge } from "@countersign/ui/StatusBadge";
import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMessages } from "../../messages/MessagesProvider";
import { type Requirement, Requirements } from "../../Requirements";
import classes from "./HolderAsks.module.css";
import { sentenceFor } from "./missing-sentence";
import type { Holder } from "./send-draft";
import type { Wording } from "./use-preview";

export interface HolderAsksProps {
  readonly holder: Holder;
  readonly requirements: readonly Requirement[];
  /** The sentences that the forms on the printed policies allow. */
  readonly wordings: readonly Wording[];
  readonly onInsert: (text: string) => void;
  /** Goes to where it is written down. */
  readonly onChange: (holder: string) => void;
}

/** What the holder asks for, held against the page. It warns and never stands in the way. */
export function HolderAsks({
  holder,
  requirements,
  wordings,
  onInsert,
  onChange,
}: HolderAsksProps) {
  const t = useMessages();
  const met = requirements.filter((each) => each.met).length;
  const all = met === requirements.length;
  return (
    <div className={classes.asks}>
      {requirements.length === 0 ? null : (
        <>
          <div className={classes.head}>
            <h3>{t.links.asksOf(holder.name)}</h3>
            <StatusBadge tone={all ? "good" : "bad"}>
              {t.links.tally(met, requirements.length)}
            </StatusBadge>
          </div>
          <Requirements
            label={t.links.asksOf(holder.name)}
            requirements={requirements}
            remedy={(requirement) => {
              const wording = sentenceFor(requirement, wordings);
              return wording === null ? null : (
                <Button variant="default" size="compact-sm" onClick={() => onInsert(wording.text)}>
                  {t.links.insertSentence(wording.form)}
                </Button>
              );
            }}
          />
          {all ? null : <p className={classes.note}>{t.links.notInTheWay}</p>}
        </>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        ml={-8}
        leftSection={<IconPencil size={14} aria-hidden />}
        onClick={() => onChange(holder.id)}
      >
        {requirements.length === 0 ? t.links.writeDown : t.links.change}
      </Button>
    </div>
  );
}
