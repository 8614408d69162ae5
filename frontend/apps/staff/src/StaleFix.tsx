import { Button } from "@mantine/core";
import { useMessages } from "./messages/MessagesProvider";

export interface StaleFixProps {
  readonly onReload: () => void;
}

/** Somebody else saved first: the fix is to look at what they wrote. */
export function StaleFix({ onReload }: StaleFixProps) {
  const t = useMessages();
  return (
    <Button variant="default" size="xs" onClick={onReload}>
      {t.loadNewest}
    </Button>
  );
}
