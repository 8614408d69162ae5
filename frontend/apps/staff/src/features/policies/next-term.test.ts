import { expect, test } from "vitest";
import { statusFrom, yearLater } from "./next-term";

test("a term ends a year later, whatever the calendar", () => {
  expect(yearLater("2027-03-01")).toBe("2028-03-01");
  expect(yearLater("2028-02-29")).toBe("2029-02-28");
  expect(yearLater("2026-12-31")).toBe("2027-12-31");
});

test("a term that is ahead begins as bound, one that has begun as active", () => {
  expect(statusFrom("2027-03-01", "2027-02-28")).toBe("bound");
  expect(statusFrom("2027-03-01", "2027-03-01")).toBe("active");
});
