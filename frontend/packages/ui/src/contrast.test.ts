import { expect, test } from "vitest";
import { contrast, isHexColor, readable } from "./contrast";

test("black on white is 21, a color on itself 1", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#1f5f4a", "#1f5f4a")).toBeCloseTo(1, 5);
});

test("an accent that is too pale is darkened until it can be read", () => {
  expect(readable("#1f5f4a", "#ffffff")).toBe("#1f5f4a");
  expect(contrast(readable("#ffd400", "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
  expect(contrast(readable("#101040", "#111a21"), "#111a21")).toBeGreaterThanOrEqual(4.5);
});

test("only six hexadecimal digits are a color", () => {
  expect(isHexColor("#1f5f4a")).toBe(true);
  expect(isHexColor("1f5f4a")).toBe(false);
  expect(isHexColor("#fff")).toBe(false);
});
