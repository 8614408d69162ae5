import { expect, test } from "vitest";
import { Intent } from "./intent";
import { ProblemError, type ProblemSlug } from "./problem";

const body = { to: ["a@example.com"] };

function trouble(slug: ProblemSlug, status: number) {
  return new ProblemError(slug, { title: slug, status, instance: "" });
}

test("the same act keeps its key until it is done; another body is another act", () => {
  const intent = new Intent();
  const first = intent.key(body);
  expect(intent.key(body)).toBe(first);
  expect(intent.key({ to: ["b@example.com"] })).not.toBe(first);
  const second = intent.key(body);
  intent.settle();
  expect(intent.key(body)).not.toBe(second);
});

test("a refusal of the server ends the act", () => {
  const intent = new Intent();
  const first = intent.key(body);
  intent.settle(trouble("validation", 422));
  expect(intent.key(body)).not.toBe(first);
});

test.each([
  ["unanswered", 0],
  ["unanswered", 504],
  ["unreadable", 408],
  ["broken_page", 0],
  ["request_in_flight", 409],
  ["internal", 500],
  ["busy", 503],
] as const)("after %s (%i) the act is still the same", (slug, status) => {
  const intent = new Intent();
  const first = intent.key(body);
  intent.settle(trouble(slug, status));
  expect(intent.key(body)).toBe(first);
});
