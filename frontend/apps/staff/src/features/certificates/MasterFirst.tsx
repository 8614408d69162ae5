import { Button } from "@mantine/core";
import type { RefObject } from "react";
import { useMessages } from "../../messages/MessagesProvider";

export interface MasterFirstProps {
  readonly field: RefObject<HTMLInputElement | null>;
}

/** What is missing while no master is chosen; pressing it leads to the field. */
export function MasterFirst({ field }: MasterFirstProps) {
  const t = useMessages();
  return (
    <Button
      variant="default"
      size="compact-md"
      w="fit-content"
      onClick={() => field.current?.focus()}
    >
      {t.batches.chooseMasterFirst}
    </Button>
  );
}
