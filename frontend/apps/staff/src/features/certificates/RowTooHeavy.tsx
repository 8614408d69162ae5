import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import { weightOf } from "./many-endorsements";
import classes from "./RowTooHeavy.module.css";

export interface RowTooHeavyProps {
  readonly endorsements: readonly components["schemas"]["EndorsementBehind"][];
  readonly onLinks: () => void;
  readonly onLeaveOut: () => void;
}

/** Why a row's mail would fail, and what helps. Both are decisions about the whole sending, as their words say. */
export function RowTooHeavy({ endorsements, onLinks, onLeaveOut }: RowTooHeavyProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <div className={classes.heavy}>
      <p>
        {t.attachments.tooHeavyRow(
          format.bytes(weightOf(endorsements)),
          format.bytes(MAX_MAIL_BYTES),
        )}
      </p>
      <div className={classes.acts}>
        <Button variant="default" size="compact-sm" onClick={onLinks}>
          {t.attachments.linksForAll}
        </Button>
        <Button variant="default" size="compact-sm" onClick={onLeaveOut}>
          {t.attachments.noneForAll}
        </Button>
      </div>
    </div>
  );
}
