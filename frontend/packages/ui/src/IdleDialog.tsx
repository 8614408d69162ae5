import { Button, Group, Modal, Text } from "@mantine/core";
import { countdown } from "./format";
import { ProblemAlert, type Trouble } from "./ProblemAlert";
import { useWords } from "./UiProvider";
import { useFocusBack } from "./use-focus-back";

export interface IdleDialogProps {
  /** Milliseconds until the session ends; null while that is far away. */
  readonly left: number | null;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  /** Why leaving or staying did not work. */
  readonly problem?: Trouble | null;
}

/** Two minutes before an idle session ends: stay, or leave now. What was entered is kept. */
export function IdleDialog({ left, onStay, onLeave, problem = null }: IdleDialogProps) {
  const words = useWords();
  const opened = left !== null && left > 0;
  useFocusBack(opened);
  return (
    <Modal
      opened={opened}
      returnFocus={false}
      onClose={onStay}
      title={words.idleTitle}
      size="sm"
      closeButtonProps={{ "aria-label": words.idleStay }}
    >
      {problem === null ? null : <ProblemAlert problem={problem} />}
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
