import { expect, test } from "vitest";
import { Intent } from "./intent";

test("the same act keeps its key until the server has answered", () => {
  const intent = new Intent();
  const first = intent.key({ to: ["a@example.com"] });
  expect(intent.key({ to: ["a@example.com"] })).toBe(first);
  expect(intent.key({ to: ["b@example.com"] })).not.toBe(first);
  const second = intent.key({ to: ["b@example.com"] });
  intent.settle();
  expect(intent.key({ to: ["b@example.com"] })).not.toBe(second);
});
