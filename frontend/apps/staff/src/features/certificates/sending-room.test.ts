import { expect, test } from "vitest";
import { filesNeeded, roomAfter, windowAt, withinRoom } from "./sending-room";

const holders = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, place) => ({ id: String(from + place) }));
const ids = (list: readonly { id: string }[]) => new Set(list.map(({ id }) => id));

test("a sending takes no more than the server does", () => {
  const { taken, leftOut } = withinRoom(ids(holders(0, 490)), holders(480, 510));
  expect(taken.map(({ id }) => id)).toEqual(holders(490, 500).map(({ id }) => id));
  expect(leftOut).toBe(10);
  expect(roomAfter(500)).toBe(0);
  expect(roomAfter(612)).toBe(0);
});

test("who is chosen already, or named twice, takes no room", () => {
  expect(withinRoom(ids(holders(0, 500)), holders(0, 500))).toEqual({ taken: [], leftOut: 0 });
  const [first, second] = holders(0, 2);
  if (first === undefined || second === undefined) throw new Error("there are two");
  expect(withinRoom(new Set(), [first, second, first])).toEqual({
    taken: [first, second],
    leftOut: 0,
  });
});

test("a long list is shown in windows that fit into one sending", () => {
  expect(windowAt(1470, 0)).toEqual({ start: 0, end: 500, before: 0, after: 500 });
  expect(windowAt(1470, 500)).toEqual({ start: 500, end: 1000, before: 500, after: 470 });
  expect(windowAt(1470, 1000)).toEqual({ start: 1000, end: 1470, before: 500, after: 0 });
  expect(windowAt(500, 0)).toEqual({ start: 0, end: 500, before: 0, after: 0 });
});

test("a list that became shorter is shown from its beginning", () => {
  expect(windowAt(20, 500)).toEqual({ start: 0, end: 20, before: 0, after: 0 });
  expect(windowAt(0, 500)).toEqual({ start: 0, end: 0, before: 0, after: 0 });
});

test("a file that is too long says into how many it is divided", () => {
  expect([501, 1000, 1001, 1500].map(filesNeeded)).toEqual([2, 2, 3, 3]);
});
