import type { components } from "@countersign/api/schema";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { useFormat } from "@countersign/ui/UiProvider";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { FollowDialog } from "./FollowDialog";
import classes from "./NewTerms.module.css";

type Master = components["schemas"]["Master"];

export interface NewTermsProps {
  readonly master: Master;
  /** Something was entered on the page that following would lose. */
  readonly dirty: boolean;
  readonly onFollowed: (master: Master) => void;
}

/** Says that policies of a master were renewed, and leads to what would differ. */
export function NewTerms({ master, dirty, onFollowed }: NewTermsProps) {
  const t = useMessages();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  if (master.new_term_lines.length === 0) return null;
  return (
    <div className={classes.notice} role="note">
      <div>
        <p className={classes.title}>
          {t.masters.newTermsOf(
            format.list(master.new_term_lines.map((line) => t.lines.full[line])),
          )}
        </p>
        <p className={classes.text}>{t.masters.newTermsText}</p>
      </div>
      <GuardedButton
        size="xs"
        reason={dirty ? t.masters.saveFirst : null}
        onClick={() => setOpen(true)}
      >
        {t.masters.follow}
      </GuardedButton>
      {open ? (
        <FollowDialog master={master} onClose={() => setOpen(false)} onFollowed={onFollowed} />
      ) : null}
    </div>
  );
}
