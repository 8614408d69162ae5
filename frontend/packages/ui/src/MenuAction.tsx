import { Menu } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./MenuAction.module.css";

export interface MenuActionProps {
  readonly icon?: ReactNode;
  readonly onClick: () => void;
  /** Why it cannot be chosen; null or absent when it can. */
  readonly reason?: string | null;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** One act in a menu. What may not be done stays visible, with the reason under it. */
export function MenuAction({
  icon,
  onClick,
  reason = null,
  danger = false,
  children,
}: MenuActionProps) {
  return (
    <Menu.Item
      leftSection={icon}
      {...(danger && reason === null ? { color: "red" } : {})}
      {...(reason === null
        ? { onClick }
        : { "aria-disabled": true, closeMenuOnClick: false, className: classes.refused ?? "" })}
    >
      {children}
      {reason === null ? null : <span className={classes.reason}>{reason}</span>}
    </Menu.Item>
  );
}
