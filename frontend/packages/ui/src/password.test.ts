import { expect, test } from "vitest";
import { passwordLength } from "./password";

test("a character counts once, however it is written", () => {
  expect(passwordLength("🔑")).toBe(1);
  expect(passwordLength("e\u0301")).toBe(1);
  expect(passwordLength("pass")).toBe(4);
});
