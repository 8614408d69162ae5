import { expect, test } from "vitest";
import { lastEnvelope } from "./last-envelope";

const delivery = {
  id: "d",
  kind: "original",
  state: "accepted",
  attempts: 1,
  may_have_arrived_twice: false,
  requested_by_name: "Avery",
  timeline: [],
  channel: "link",
  subject: "Certificate",
  message: null,
  to: ["old@example.com"],
  cc: [],
  queued_at: "2026-11-18T10:00:00Z",
} as const;

test("an exact copy repeats the newest mail, copies included", () => {
  const newest = {
    ...delivery,
    id: "e",
    to: ["new@example.com"],
    cc: ["copy@example.com"],
    queued_at: "2026-11-19T10:00:00Z",
  };
  const deliveries = [newest, delivery].map((each) => ({
    ...each,
    to: [...each.to],
    cc: [...each.cc],
    timeline: [...each.timeline],
  }));
  expect(lastEnvelope({ deliveries })).toEqual({
    to: ["new@example.com"],
    cc: ["copy@example.com"],
    subject: "Certificate",
    message: "",
    channel: "link",
  });
  expect(lastEnvelope({ deliveries: [] }).to).toEqual([]);
});
