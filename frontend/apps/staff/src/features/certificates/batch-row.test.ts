import { expect, test } from "vitest";
import { fateOf, type RowState, tally } from "./batch-row";

const row: RowState = {
  id: "1",
  name: "City of Sparks",
  place: "Sparks, NV",
  to: ["a@x.example.com"],
  cc: [],
  findings: [],
  concerns: [],
  channel: "attachment",
  lookedAt: [],
  sendable: true,
  out: false,
};

test("a row is sent when it was checked, is ticked and has a recipient", () => {
  expect(fateOf(row)).toBe("ready");
  expect(fateOf({ ...row, sendable: null })).toBe("checking");
  expect(fateOf({ ...row, to: [] })).toBe("no_recipient");
  expect(fateOf({ ...row, out: true, to: [] })).toBe("out");
});

test("what the gate blocks is set aside, ticked or not", () => {
  expect(fateOf({ ...row, sendable: false })).toBe("aside");
  expect(fateOf({ ...row, sendable: false, out: true })).toBe("aside");
});

test("each row is counted once", () => {
  const rows = [row, { ...row, sendable: false }, { ...row, out: true }, { ...row, to: [] }];
  expect(tally(rows)).toEqual({ ready: 1, aside: 1, out: 1, checking: 0, noRecipient: 1 });
});
