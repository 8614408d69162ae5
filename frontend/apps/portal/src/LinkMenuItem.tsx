import { Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Props = MenuItemProps & Omit<ComponentPropsWithRef<"a">, keyof MenuItemProps>;

function ItemAnchor(props: Props) {
  return <Menu.Item component="a" {...props} />;
}

/** An entry of a menu that leads to another address of the app. */
export const LinkMenuItem = createLink(ItemAnchor);
