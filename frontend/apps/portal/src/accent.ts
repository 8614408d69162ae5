import { isHexColor, readable } from "@countersign/ui/contrast";
import { useComputedColorScheme } from "@mantine/core";
import { useLayoutEffect } from "react";

const PAPER = { light: "#fbf9f5", dark: "#17212a" } as const;

export interface Accent {
  /** Under white text: buttons, the mark. */
  readonly fill: string;
  readonly fillHover: string;
  /** On paper: links, focus rings, the current place. */
  readonly ink: string;
}

/** An agency's color, moved until every text in it or on it can be read. */
export function accentOf(color: string, scheme: "light" | "dark"): Accent | null {
  if (!isHexColor(color)) return null;
  return {
    fill: readable(color, "#ffffff", 4.6),
    fillHover: readable(color, "#ffffff", 6.5),
    // More than the least, because links also stand on tinted ground.
    ink: readable(color, PAPER[scheme], 5.6),
  };
}

/** Dresses the page in the agency's color for as long as the component is there. */
export function useAccent(color: string | undefined): void {
  const scheme = useComputedColorScheme("light");
  useLayoutEffect(() => {
    const accent = color === undefined ? null : accentOf(color, scheme);
    if (accent === null) return;
    const { style } = document.documentElement;
    const variables: Record<string, string> = {
      "--mantine-color-seal-filled": accent.fill,
      "--mantine-color-seal-filled-hover": accent.fillHover,
      "--mantine-color-seal-outline": accent.ink,
      "--mantine-color-seal-light-color": accent.ink,
      "--mantine-color-anchor": accent.ink,
      "--cs-accent": accent.ink,
      "--cs-accent-fill": accent.fill,
      "--cs-accent-soft": `color-mix(in srgb, ${accent.ink} 9%, ${PAPER[scheme]})`,
      "--cs-plaque-accent": accent.ink,
    };
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
    return () => {
      for (const name of Object.keys(variables)) style.removeProperty(name);
    };
  }, [color, scheme]);
}
