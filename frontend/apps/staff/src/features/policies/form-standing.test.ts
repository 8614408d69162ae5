import { createFormat } from "@countersign/ui/format";
import { expect, test } from "vitest";
import { formStanding } from "./form-standing";

const format = createFormat("en-US", "UTC");
const now = Date.parse("2026-11-26T12:00:00Z");
const standing = (form: Parameters<typeof formStanding>[0], begins: string, ends?: string) =>
  formStanding(
    form,
    { begins, ends: ends ?? `${Number(begins.slice(0, 4)) + 1}${begins.slice(4)}` },
    { daysUntil: (day) => format.daysUntil(day, now) },
  );

test("a form of a term that has not begun begins with it", () => {
  expect(standing({ stands: true }, "2027-03-05")).toEqual({ is: "begins", on: "2027-03-05" });
  expect(standing({ stands: true, ends_on: "2027-06-01" }, "2027-03-05")).toEqual({
    is: "begins",
    on: "2027-03-05",
  });
  expect(standing({ stands: true, effective_on: "2026-01-01" }, "2027-03-05")).toEqual({
    is: "begins",
    on: "2027-03-05",
  });
});

test("a form of a term under way stands by its own days", () => {
  const term = "2026-03-05";
  expect(standing({ stands: true }, term)).toEqual({ is: "standing" });
  expect(standing({ stands: true, ends_on: "2026-12-01" }, term)).toEqual({
    is: "ends",
    on: "2026-12-01",
  });
  expect(standing({ stands: false, ends_on: "2026-11-26" }, term)).toEqual({
    is: "ended",
    on: "2026-11-26",
  });
  expect(standing({ stands: false, effective_on: "2026-12-01" }, term)).toEqual({
    is: "begins",
    on: "2026-12-01",
  });
});

test("no form stands on a policy that was cancelled or has expired, though nobody took it off", () => {
  const over = { is: "over", on: "2026-10-01" };
  expect(standing({ stands: true }, "2026-03-05", "2026-10-01")).toEqual(over);
  expect(standing({ stands: true, ends_on: "2026-12-01" }, "2026-03-05", "2026-10-01")).toEqual(
    over,
  );
  expect(standing({ stands: false, ends_on: "2026-08-01" }, "2026-03-05", "2026-10-01")).toEqual({
    is: "ended",
    on: "2026-08-01",
  });
});
