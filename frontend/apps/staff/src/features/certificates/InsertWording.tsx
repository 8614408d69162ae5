import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./InsertWording.module.css";
import type { Wording } from "./use-preview";

export interface InsertWordingProps {
  readonly wordings: readonly Wording[];
  /** A page was drawn, so that it is known which forms stand. */
  readonly known: boolean;
  readonly onInsert: (text: string) => void;
}

/** Sentences built from the forms on the policies: number, edition and title, and never what they mean. */
export function InsertWording({ wordings, known, onInsert }: InsertWordingProps) {
  const t = useMessages();
  if (wordings.length === 0) {
    return (
      <GuardedButton
        variant="default"
        size="compact-sm"
        reason={known ? t.send.noWording : t.send.wordingFirst}
      >
        {t.send.insertWording}
      </GuardedButton>
    );
  }
  return (
    <Menu position="bottom-start" width={420}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t.send.insertWording}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ""}>
        {wordings.map((wording) => (
          <Menu.Item key={`${wording.line} ${wording.text}`} onClick={() => onInsert(wording.text)}>
            <span className={classes.form}>
              {wording.form} · {t.lines.full[wording.line]}
            </span>
            <span className={classes.text}>{wording.text}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
