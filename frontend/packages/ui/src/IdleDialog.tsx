import { Button, Group, Modal, Text } from "@mantine/core";
import { countdown } from "./format";
import { useWords } from "./UiProvider";

export interface IdleDialogProps {
  /** Milliseconds until the session ends; null while that is far away. */
  readonly left: number | null;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

/** Two minutes before an idle session ends: stay, or leave now. What was entered is kept. */
export function IdleDialog({ left, onStay, onLeave }: IdleDialogProps) {
  const words = useWords();
  return (
    <Modal
      opened={left !== null && left > 0}
      onClose={onStay}
      title={words.idleTitle}
      size="sm"
      closeButtonProps={{ "aria-label": words.idleStay }}
    >
      <Text component="p" className="tabular">
        {words.idleText(countdown(left ?? 0))}
      </Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onLeave}>
          {words.idleLeave}
        </Button>
        <Button onClick={onStay} data-autofocus>
          {words.idleStay}
        </Button>
      </Group>
    </Modal>
  );
}
