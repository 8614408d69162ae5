import { expect, test } from "vitest";
import { mayBeTold } from "./may-be-told";

const notice = (state: "queued" | "accepted" | "failed", reachedNobody = state === "failed") => ({
  state,
  cancelled_on: "2026-10-20",
  certificate_since: false,
  came_back: [],
  reached_nobody: reachedNobody,
  to: ["risk@builders.example.com"],
  sent_by_name: "Maren Voss",
  queued_at: "2026-11-26T10:00:00Z",
});
const emails = ["risk@builders.example.com"];

test("only who has an address and was not told yet can be told", () => {
  expect(mayBeTold({ emails })).toBe(true);
  expect(mayBeTold({ emails: [] })).toBe(false);
  expect(mayBeTold({ emails, notice: notice("queued") })).toBe(false);
  expect(mayBeTold({ emails, notice: notice("accepted") })).toBe(false);
});

test("who was to be told by a mail that failed, or came back from every address, can be told again", () => {
  expect(mayBeTold({ emails, notice: notice("failed") })).toBe(true);
  expect(mayBeTold({ emails, notice: notice("accepted", true) })).toBe(true);
});
