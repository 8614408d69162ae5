import { contrast } from "@countersign/ui/contrast";
import { describe, expect, it } from "vitest";
import { accentOf } from "./accent";

describe("accentOf", () => {
  it("keeps white text readable on any color an agency may choose", () => {
    for (const color of ["#ffff00", "#1f5f4a", "#ffffff", "#ff00aa", "#000000", "#7fb3ff"]) {
      for (const scheme of ["light", "dark"] as const) {
        const accent = accentOf(color, scheme);
        if (accent === null) throw new Error(`${color} was refused`);
        expect(contrast(accent.fill, "#ffffff")).toBeGreaterThanOrEqual(4.5);
        expect(contrast(accent.ink, scheme === "light" ? "#fbf9f5" : "#17212a")).toBeGreaterThan(5);
      }
    }
  });

  it("leaves a color alone that is readable already", () => {
    expect(accentOf("#1f5f4a", "light")?.ink).toBe("#1f5f4a");
  });

  it("refuses what is no color", () => {
    expect(accentOf("green; --x: y", "light")).toBeNull();
  });
});
