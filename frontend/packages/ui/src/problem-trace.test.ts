import { expect, test } from "vitest";
import { traceOf } from "./problem-trace";

const requestId = "0190a5a0-0000-7000-8000-000000000001";

test("A failure of the server is told with the id of its request", () => {
  expect(traceOf({ requestId, status: 500 })).toBe(requestId);
  expect(traceOf({ requestId, status: 503 })).toBe(requestId);
});

test("A refusal is told without one", () => {
  for (const status of [403, 409, 412, 422]) expect(traceOf({ requestId, status })).toBeNull();
});

test("What never got to the server has none", () => {
  expect(traceOf({ requestId: null, status: 0 })).toBeNull();
});
