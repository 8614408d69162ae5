import { Anchor, type AnchorProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Props = AnchorProps & Omit<ComponentPropsWithRef<"a">, keyof AnchorProps>;

function TextAnchor(props: Props) {
  return <Anchor {...props} />;
}

/** A word that leads to another address of the app. */
export const LinkAnchor = createLink(TextAnchor);
