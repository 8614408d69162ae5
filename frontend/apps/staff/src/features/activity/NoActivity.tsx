import { EmptyState } from "@countersign/ui/EmptyState";
import { Button } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";

/** Nothing of a history is left by the filter. */
export function NoActivity({ onClear }: { onClear: () => void }) {
  const t = useMessages();
  return (
    <EmptyState
      title={t.activity.noMatch}
      action={
        <Button variant="default" onClick={onClear}>
          {t.clearFilters}
        </Button>
      }
    >
      {t.activity.noMatchText}
    </EmptyState>
  );
}
