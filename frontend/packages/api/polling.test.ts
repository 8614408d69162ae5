import { expect, test } from "vitest";
import { pollingInterval } from "./polling";

const queued = { state: "queued" } as const;
const deferred = { state: "deferred" } as const;
const accepted = { state: "accepted" } as const;

test("mail that moves is followed closely, mail that is delayed once a minute", () => {
  expect(pollingInterval([accepted, deferred, queued], 2_000, 0)).toBe(2_000);
  expect(pollingInterval([accepted, deferred], 2_000, 0)).toBe(60_000);
  expect(pollingInterval([accepted, null, undefined], 2_000, 0)).toBe(false);
});

test("a page that nobody looks at does not ask", () => {
  expect(pollingInterval([queued], 2_000, 121_000)).toBe(false);
});
