import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Group, Modal, Text } from "@mantine/core";
import { type ShouldBlockFn, useBlocker } from "@tanstack/react-router";
import { useCallback } from "react";
import { isKeepingDrafts } from "./drafts";

export interface DraftGuardProps {
  readonly dirty: boolean;
}

/** Asks before somebody leaves a form in which they entered something. */
export function DraftGuard({ dirty }: DraftGuardProps) {
  const words = useWords();
  const loses = useCallback(() => dirty && !isKeepingDrafts(), [dirty]);
  const blocks = useCallback<ShouldBlockFn>(
    ({ current, next }) => loses() && current.pathname !== next.pathname,
    [loses],
  );
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: blocks,
    enableBeforeUnload: loses,
    withResolver: true,
  });
  const opened = status === "blocked";
  useFocusBack(opened);
  return (
    <Modal
      opened={opened}
      returnFocus={false}
      onClose={() => reset?.()}
      title={words.discardTitle}
      size="sm"
      closeButtonProps={{ "aria-label": words.close }}
    >
      <Text component="p" m={0}>
        {words.discardText}
      </Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={() => reset?.()} data-autofocus>
          {words.keepEditing}
        </Button>
        <Button color="red" onClick={() => proceed?.()}>
          {words.discard}
        </Button>
      </Group>
    </Modal>
  );
}
