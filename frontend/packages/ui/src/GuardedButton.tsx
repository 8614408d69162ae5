import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { MouseEventHandler, ReactNode } from "react";

export interface GuardedButtonProps extends Omit<ButtonProps, "disabled"> {
  /** Why it cannot be pressed; null when it can. */
  readonly reason: string | null;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  readonly type?: "button" | "submit";
  readonly children: ReactNode;
}

/**
 * A button that stays where it is when it may not be pressed, can be reached by keyboard and says
 * why. (A `disabled` button says nothing to anybody.)
 */
export function GuardedButton({ reason, onClick, children, ...rest }: GuardedButtonProps) {
  if (reason === null) {
    return (
      <Button {...rest} {...(onClick === undefined ? {} : { onClick })}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        data-disabled
        aria-disabled="true"
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
