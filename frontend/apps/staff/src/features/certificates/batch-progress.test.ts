import { expect, test } from "vitest";
import { paceOf, readProgress, type Sample, withSample } from "./batch-progress";

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

test("a pace is told from the last seconds, and anew after a retry", () => {
  const of = (...samples: Sample[]) =>
    samples.reduce<readonly Sample[]>((seen, next) => withSample(seen, next), []);
  expect(paceOf([])).toBeNull();
  expect(paceOf(of({ at: 0, done: 5 }))).toBeNull();
  expect(paceOf(of({ at: 0, done: 5 }, { at: 500, done: 9 }))).toBeNull();
  expect(paceOf(of({ at: 0, done: 5 }, { at: 2000, done: 25 }))).toBe(10);
  expect(paceOf(of({ at: 0, done: 5 }, { at: 2000, done: 5 }))).toBeNull();
  const slow = of({ at: 0, done: 0 }, { at: 20_000, done: 400 }, { at: 22_000, done: 402 });
  expect(paceOf(slow)).toBe(1);
  expect(of({ at: 0, done: 90 }, { at: 1000, done: 80 })).toEqual([{ at: 1000, done: 80 }]);
});
