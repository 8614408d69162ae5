import { expect, test } from "vitest";
import { fits, keptAt } from "./drafts";

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

test("a reload takes up what was entered, and another page lets go of it", () => {
  const send = "http://staff.example.com/insureds/1/send";
  const kept = { at: send, drafts: [["send 1", { to: ["a@example.com"] }], "odd", [3, {}]] };
  expect(keptAt(send, kept)).toEqual([["send 1", { to: ["a@example.com"] }]]);
  expect(keptAt("http://staff.example.com/insureds/1", kept)).toEqual([]);
  // As an older version kept it, or nothing at all.
  expect(keptAt(send, [["send 1", {}]])).toEqual([]);
  expect(keptAt(send, null)).toEqual([]);
});
