import { expect, test } from "vitest";
import { noticeCounts, partsOf, untoldFirst } from "./notice-parts";

const emails = ["risk@builders.example.com"];
const notice = (reachedNobody: boolean) => ({
  state: "accepted" as const,
  cancelled_on: "2026-10-20",
  certificate_since: false,
  came_back: [],
  reached_nobody: reachedNobody,
  to: emails,
  sent_by_name: "Maren Voss",
  queued_at: "2026-11-26T10:00:00Z",
});
const holders = [
  { id: "told", emails, notice: notice(false) },
  { id: "no address", emails: [] },
  { id: "first", emails },
  { id: "told without an address since", emails: [], notice: notice(false) },
  { id: "came back", emails, notice: notice(true) },
];

test("a long choice is told in parts that the server takes", () => {
  const ids = Array.from({ length: 1470 }, (_, number) => String(number));
  const parts = partsOf(ids);
  expect(parts.map((part) => part.length)).toEqual([500, 500, 470]);
  expect(parts.flat()).toEqual(ids);
  expect(partsOf(ids.slice(0, 500))).toHaveLength(1);
  expect(partsOf([])).toEqual([]);
});

test("what is left after a part is divided as it was before", () => {
  const ids = Array.from({ length: 1470 }, (_, number) => String(number));
  expect(partsOf(ids.slice(500))).toEqual(partsOf(ids).slice(1));
});

test("who can be told stands before who cannot, and who was told at the end", () => {
  expect(untoldFirst(holders).map(({ id }) => id)).toEqual([
    "first",
    "came back",
    "no address",
    "told",
    "told without an address since",
  ]);
});

test("everybody is counted once", () => {
  expect(noticeCounts(holders)).toEqual({ all: 5, told: 2, unreachable: 1 });
});
