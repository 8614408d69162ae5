import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { ProblemAlert, type Trouble } from "./ProblemAlert";

/** Says that something was done; with `undo` where it can be taken back. */
export function toastDone(message: string, undo?: { label: string; onUndo: () => void }): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: "seal",
    icon: <IconCheck size={16} />,
    message:
      undo === undefined ? (
        message
      ) : (
        <span style={{ display: "flex", alignItems: "center", gap: 12 }}>
          <span style={{ flex: 1 }}>{message}</span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo.onUndo();
            }}
          >
            {undo.label}
          </Button>
        </span>
      ),
    withBorder: true,
  });
}

/** A problem of an act that has no place of its own on the page. It stays until it is read. */
export function toastProblem(problem: Trouble): void {
  notifications.show({
    color: "red",
    icon: <IconAlertTriangle size={16} />,
    message: <ProblemAlert problem={problem} />,
    autoClose: false,
    withBorder: true,
  });
}
