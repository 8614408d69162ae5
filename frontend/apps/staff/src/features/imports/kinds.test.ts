import { expect, test } from "vitest";
import { isWorkbook, kindOf } from "./kinds";

test("a file's name tells what it holds, or nothing is guessed", () => {
  expect(kindOf("policies.csv")).toBe("policies");
  expect(kindOf("Export-Insureds (3).CSV")).toBe("insureds");
  expect(kindOf("book of business.csv")).toBeNull();
  expect(kindOf("insureds_contacts.csv")).toBeNull();
});

test("a workbook is known by its name or by its first bytes", () => {
  const text = new TextEncoder().encode("customer_id,name");
  expect(isWorkbook("Policies.XLSX", text)).toBe(true);
  expect(isWorkbook("policies.csv", Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x14))).toBe(true);
  expect(isWorkbook("policies.csv", Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0))).toBe(true);
  expect(isWorkbook("policies.csv", text)).toBe(false);
  expect(isWorkbook("policies.csv", new Uint8Array())).toBe(false);
});
