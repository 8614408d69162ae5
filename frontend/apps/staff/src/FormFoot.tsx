import { Button, Group } from "@mantine/core";
import { useMessages } from "./messages/MessagesProvider";

export interface FormFootProps {
  readonly submitLabel: string;
  readonly busy: boolean;
  /** It can be looked at only. */
  readonly readOnly?: boolean;
  /** Something else is to be settled first. */
  readonly disabled?: boolean;
  readonly onCancel: () => void;
}

/** How a form of a page of its own is left: saved or not. */
export function FormFoot({
  submitLabel,
  busy,
  readOnly = false,
  disabled = false,
  onCancel,
}: FormFootProps) {
  const t = useMessages();
  return (
    <Group gap="xs" mt={28}>
      {readOnly ? null : (
        <Button type="submit" loading={busy} disabled={disabled}>
          {submitLabel}
        </Button>
      )}
      <Button variant="default" onClick={onCancel} disabled={busy}>
        {readOnly ? t.back : t.cancel}
      </Button>
    </Group>
  );
}
