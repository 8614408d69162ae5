import { expect, test } from "vitest";
import { countdown, createFormat } from "./format";

const format = createFormat("en-US", "America/Los_Angeles");

test("a plain date is never shifted by a zone", () => {
  expect(format.date("2026-01-01")).toBe("01/01/2026");
  expect(format.date(null)).toBe("–");
});

test("a moment is shown in the agency's zone, which is named", () => {
  expect(format.moment("2026-11-18T02:05:00Z")).toBe("11/17/2026, 6:05 PM PST");
});

test("days are counted on the agency's calendar", () => {
  const now = Date.parse("2026-11-18T02:05:00Z");
  expect(format.today(now)).toBe("2026-11-17");
  expect(format.daysUntil("2026-11-18", now)).toBe(1);
  expect(format.daysUntil("2026-11-17", now)).toBe(0);
});

test("what is long ago becomes a date", () => {
  const now = Date.parse("2026-11-18T20:00:00Z");
  expect(format.ago("2026-11-18T19:58:00Z", now)).toBe("2 min. ago");
  expect(format.ago("2026-11-17T20:00:00Z", now)).toBe("yesterday");
  expect(format.ago("2026-01-17T20:00:00Z", now)).toBe("01/17/2026");
});

test("money keeps its cents only when there are any", () => {
  expect(format.money({ amount: "1000000.00", currency: "USD" })).toBe("$1,000,000");
  expect(format.money({ amount: "12.50", currency: "USD" })).toBe("$12.50");
});

test("a size is never said smaller than it is, and its unit stays with its number", () => {
  expect(format.bytes(746)).toBe("1\u00a0kB");
  expect(format.bytes(48_000)).toBe("48\u00a0kB");
  expect(format.bytes(999_001)).toBe("1\u00a0MB");
  expect(format.bytes(10_000_000)).toBe("10\u00a0MB");
  expect(format.bytes(10_000_001)).toBe("10.1\u00a0MB");
});

test("a countdown has minutes and seconds", () => {
  expect(countdown(65_000)).toBe("1:05");
  expect(countdown(0)).toBe("0:00");
});
