import { expect, test } from "vitest";
import { descriptionLength } from "./description";

test("letters count, not bytes, and what is trimmed does not", () => {
  expect(descriptionLength("  Job 4471\r\nroof  ")).toBe(13);
  expect(descriptionLength("u\u0308")).toBe(1);
  expect(descriptionLength("\u{1f3d7}")).toBe(1);
});
