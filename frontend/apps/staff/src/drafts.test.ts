import { expect, test } from "vitest";
import { fits } from "./drafts";

const start = { name: "", email: null, to: [""], address: { city: "" }, sections: {} };

test("a kept draft is taken back when it has the form's shape", () => {
  expect(fits({ ...start, name: "Alder", email: "a@example.com" }, start)).toBe(true);
  expect(fits({ ...start, sections: { other: { policy_id: "p" } }, to: [] }, start)).toBe(true);
  expect(fits({ ...start, more: 1 }, start)).toBe(true);
});

test("a kept draft of another shape is as if nothing had been kept", () => {
  expect(fits({ ...start, name: 3 }, start)).toBe(false);
  expect(fits({ ...start, to: "a@example.com" }, start)).toBe(false);
  expect(fits({ ...start, address: "Reno" }, start)).toBe(false);
  expect(fits({ name: "" }, start)).toBe(false);
  expect(fits("text", start)).toBe(false);
});
