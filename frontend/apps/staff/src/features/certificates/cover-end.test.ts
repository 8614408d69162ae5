import { expect, test } from "vitest";
import { coverEnd } from "./cover-end";

test("cover ends with the term, or with a cancellation before that", () => {
  const policy = { policy_id: "p", expires_on: "2027-06-01" };
  const term = { on: "2027-06-01", cancelled: false };
  expect(coverEnd(policy, [])).toEqual(term);
  expect(coverEnd(policy, [{ id: "p", cancelled_on: null }])).toEqual(term);
  expect(coverEnd(policy, [{ id: "other", cancelled_on: "2026-12-20" }])).toEqual(term);
  expect(coverEnd(policy, [{ id: "p", cancelled_on: "2026-12-20" }])).toEqual({
    on: "2026-12-20",
    cancelled: true,
  });
});
