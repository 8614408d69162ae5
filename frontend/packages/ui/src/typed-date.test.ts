import { expect, test } from "vitest";
import { typedDate } from "./typed-date";

test("A date is read as people here write it, and as machines do", () => {
  expect(typedDate("03/05/2027")).toBe("2027-03-05");
  expect(typedDate("3/5/2027")).toBe("2027-03-05");
  expect(typedDate(" 12/31/2026 ")).toBe("2026-12-31");
  expect(typedDate("2027-03-05")).toBe("2027-03-05");
});

test("A day that does not exist is none, rather than one near it", () => {
  expect(typedDate("02/30/2027")).toBeNull();
  expect(typedDate("02/29/2027")).toBeNull();
  expect(typedDate("2027-02-30")).toBeNull();
  expect(typedDate("13/45/2026")).toBeNull();
  expect(typedDate("00/10/2026")).toBeNull();
  expect(typedDate("02/29/2028")).toBe("2028-02-29");
});

test("What is no whole date is none", () => {
  for (const text of [
    "",
    "tomorrow",
    "03/05",
    "03/05/27",
    "3/5/0027",
    "03/05/20270",
    "1",
    "2027",
  ]) {
    expect(typedDate(text)).toBeNull();
  }
});
