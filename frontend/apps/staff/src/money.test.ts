import { expect, test } from "vitest";
import { grouped, plain } from "./money";

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
