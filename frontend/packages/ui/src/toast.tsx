import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { Fragment, useEffect, useState } from "react";
import { ProblemAlert, type Trouble } from "./ProblemAlert";

/*
 * The button stays whole, and goes below a message that does not fit beside it: pressed into a narrow column, an
 * address would break in mid-word.
 */
const ROW = { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "6px 12px" } as const;
const MESSAGE = { flex: "1 1 auto", maxWidth: "100%", overflowWrap: "anywhere" } as const;
const ACT = { flexShrink: 0 };

/** A message whose addresses break behind their @ before they break anywhere else. */
function breakable(message: string) {
  return message.split(/(?<=@)/).map((part, place) => (
    <Fragment key={`${place} ${part}`}>
      {place === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ));
}

/** Says that something was done; with `undo` where it can be taken back. */
export function toastDone(message: string, undo?: { label: string; onUndo: () => void }): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: "seal",
    icon: <IconCheck size={16} />,
    message:
      undo === undefined ? (
        <>{breakable(message)}</>
      ) : (
        <span style={ROW}>
          <span style={MESSAGE}>{breakable(message)}</span>
          <Button
            size="compact-sm"
            variant="default"
            style={ACT}
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

export interface UndoAct {
  readonly seconds: number;
  /** With the seconds that are left. */
  readonly label: (seconds: number) => string;
  readonly onUndo: () => void;
}

/** Says that something is about to happen, and takes it back when asked to within so many seconds. */
export function toastUndo(message: string, undo: UndoAct): void {
  const id = crypto.randomUUID();
  const end = () => {
    notifications.hide(id);
  };
  notifications.show({
    id,
    color: "seal",
    icon: <IconCheck size={16} />,
    message: <Undo message={message} {...undo} onEnd={end} />,
    autoClose: false,
    withBorder: true,
  });
}

interface UndoProps extends UndoAct {
  readonly message: string;
  readonly onEnd: () => void;
}

function Undo({ message, seconds, label, onUndo, onEnd }: UndoProps) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const until = performance.now() + seconds * 1000;
    const pace = window.setInterval(() => {
      const rest = Math.ceil((until - performance.now()) / 1000);
      setLeft(Math.max(rest, 0));
      if (rest <= 0) onEnd();
    }, 250);
    return () => window.clearInterval(pace);
  }, [seconds, onEnd]);
  return (
    <span style={ROW}>
      <span style={MESSAGE}>{breakable(message)}</span>
      <Button
        size="compact-sm"
        variant="default"
        style={{ ...ACT, fontVariantNumeric: "tabular-nums" }}
        onClick={() => {
          onEnd();
          onUndo();
        }}
      >
        {label(left)}
      </Button>
    </span>
  );
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
