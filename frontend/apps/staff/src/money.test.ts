import { expect, test } from "vitest";
import { grouped, isTooLarge, plain } from "./money";

test("an amount is written with groups and read without", () => {
  for (const [sent, written] of [
    ["1000000.00", "1,000,000"],
    ["500.00", "500"],
    ["12345.67", "12,345.67"],
  ] as const) {
    expect(grouped(sent)).toBe(written);
    expect(Number(plain(`$${written}`))).toBe(Number(sent));
  }
});

test("a comma in a wrong place is not guessed away", () => {
  expect(plain("1,00")).toBe("1,00");
  expect(plain("1M")).toBe("1M");
});

test("an amount that is too large is told from what is none", () => {
  for (const typed of [
    "99999999999999",
    "$99,999,999,999,999",
    "10000000000000.01",
    "9".repeat(40),
  ]) {
    expect(isTooLarge(typed)).toBe(true);
  }
  for (const typed of [
    "10,000,000,000,000",
    "1,000,000",
    "2 million",
    "1,00",
    "",
    "-99999999999999",
  ]) {
    expect(isTooLarge(typed)).toBe(false);
  }
});
