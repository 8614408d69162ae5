import { useWords } from "@countersign/ui/UiProvider";
import { CopyButton, UnstyledButton } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Hash.module.css";

export interface HashProps {
  /** What it is of, in a few words. */
  readonly name: string;
  readonly value: string;
  /** How somebody who holds the page compares it. */
  readonly check: string;
}

/** A hash to copy, and what to do with it. */
export function Hash({ name, value, check }: HashProps) {
  const t = useMessages();
  const words = useWords();
  return (
    <>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <UnstyledButton
            className={classes.hash}
            onClick={copy}
            title={t.certificates.copyIt(name)}
          >
            {copied ? words.copied : value}
          </UnstyledButton>
        )}
      </CopyButton>
      <p className={classes.check}>{check}</p>
    </>
  );
}
