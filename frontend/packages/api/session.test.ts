import { expect, test } from "vitest";
import { type CurrentSession, idleEnd } from "./session";

const session: CurrentSession = {
  app: "staff",
  user: { id: "u", username: "dana", display_name: "Dana", email: "dana@example.com" },
  agency: { slug: "a", name: "A", accent_color: "#1f5f4a", time_zone: "America/Denver" },
  may: [],
  idle_expires_at: "2026-11-22T10:30:00Z",
  expires_at: "2026-11-22T11:00:00Z",
};
const at = (time: string) => Date.parse(`2026-11-22T${time}:00Z`);

test("an answer moves the idle end, never beyond the absolute end", () => {
  expect(idleEnd(session, at("10:00"), at("10:00"))).toBe(at("10:30"));
  expect(idleEnd(session, at("10:00"), at("10:20"))).toBe(at("10:49"));
  expect(idleEnd(session, at("10:00"), at("10:45"))).toBe(at("11:00"));
});

test("an answer that the server may not have noted does not move the idle end", () => {
  expect(idleEnd(session, at("10:00"), at("10:01"))).toBe(at("10:30"));
});
