import { expect, test } from "vitest";
import { readProgress } from "./batch-progress";

const counts = { waiting: 1, issued: 2, set_aside: 0, failed: 0, not_sent: 0, total: 3 };

test("an event of the stream is read", () => {
  const event = { state: "running", counts };
  expect(readProgress(JSON.stringify(event))).toEqual(event);
});

test("what is no event of ours changes nothing", () => {
  expect(readProgress("still here")).toBeNull();
  expect(readProgress(undefined)).toBeNull();
  expect(readProgress(JSON.stringify({ state: "asleep", counts }))).toBeNull();
  expect(readProgress(JSON.stringify({ state: "running", counts: { waiting: 1 } }))).toBeNull();
});
