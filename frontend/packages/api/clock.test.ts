import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serverNow, setServerClock } from "./clock";

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-11-22T11:30:00Z") }));
afterEach(() => vi.useRealTimers());

test("the server's time is known on a device whose clock is wrong", () => {
  setServerClock("Sun, 22 Nov 2026 10:00:00 GMT");
  vi.advanceTimersByTime(90_000);
  expect(serverNow()).toBe(Date.parse("2026-11-22T10:01:30Z"));
});

test("an answer without a date changes nothing", () => {
  setServerClock("Sun, 22 Nov 2026 10:00:00 GMT");
  setServerClock(null);
  setServerClock("no date");
  expect(serverNow()).toBe(Date.parse("2026-11-22T10:00:00Z"));
});
