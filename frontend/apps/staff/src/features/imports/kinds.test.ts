import { expect, test } from "vitest";
import { kindOf } from "./kinds";

test("a file's name tells what it holds, or nothing is guessed", () => {
  expect(kindOf("policies.csv")).toBe("policies");
  expect(kindOf("Export-Insureds (3).CSV")).toBe("insureds");
  expect(kindOf("book of business.csv")).toBeNull();
  expect(kindOf("insureds_contacts.csv")).toBeNull();
});
