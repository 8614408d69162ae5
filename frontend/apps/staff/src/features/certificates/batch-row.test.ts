import { expect, test } from "vitest";
import { en } from "../../messages/en";
import { fateOf, isSetAside, type RowFate, type RowState, tally } from "./batch-row";

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
  tooHeavy: false,
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

test("what would fail as it is goes aside before it is sent, unless it is not ticked anyway", () => {
  expect(fateOf({ ...row, tooHeavy: true })).toBe("too_heavy");
  expect(fateOf({ ...row, tooHeavy: true, out: true })).toBe("out");
  expect(fateOf({ ...row, tooHeavy: true, to: [] })).toBe("no_recipient");
  const set: RowFate[] = ["aside", "too_heavy", "no_recipient"];
  const others: RowFate[] = ["ready", "out", "checking"];
  expect(set.every(isSetAside)).toBe(true);
  expect(others.some(isSetAside)).toBe(false);
});

test("each row is counted once", () => {
  const rows = [
    row,
    { ...row, sendable: false },
    { ...row, out: true },
    { ...row, to: [] },
    { ...row, tooHeavy: true },
  ];
  expect(tally(rows)).toEqual({
    ready: 1,
    aside: 1,
    out: 1,
    checking: 0,
    noRecipient: 1,
    tooHeavy: 1,
  });
});

test("the foot says how many go, and why the others do not", () => {
  const counts = { ready: 13, aside: 0, out: 0, checking: 0, noRecipient: 1, tooHeavy: 0 };
  const { summary } = en.batches;
  expect(summary(counts)).toBe("13 certificates to send · 1 set aside: no address");
  expect(summary({ ...counts, noRecipient: 0, out: 2 })).toBe(
    "13 certificates to send · 2 not ticked",
  );
  expect(summary({ ...counts, ready: 1, aside: 2, tooHeavy: 3 })).toBe(
    "1 certificate to send · 6 set aside: 2 blocked, 1 no address, 3 files too large for one mail",
  );
});

test("the files of a batch are named by insured and day", () => {
  const { fileName } = en.batches;
  expect(fileName("Alder Creek, Roofing & Sons, Inc.", "2026-11-26", "zip")).toBe(
    "Certificates-Alder-Creek-Roofing-Sons-Inc-2026-11-26.zip",
  );
});
