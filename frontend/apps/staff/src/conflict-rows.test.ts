import { expect, test } from "vitest";
import { choicesOf, conflictRows, takeOver } from "./conflict-rows";

test("what nobody changed is no conflict, what one or both changed stands with all three values", () => {
  const facts = (number: string, status: string) => [
    { unit: "number", label: "Number", value: number },
    { unit: "status", label: "Status", value: status },
  ];
  expect(conflictRows(facts("A", "x"), facts("A", "x"), facts("A", "x"))).toEqual([]);
  expect(conflictRows(facts("A", "x"), facts("B", "x"), facts("A", "y"))).toEqual([
    { unit: "number", label: "Number", was: "A", theirs: "B", mine: "A" },
    { unit: "status", label: "Status", was: "x", theirs: "x", mine: "y" },
  ]);
});

test("who changed a part is told of all its facts together", () => {
  const row = (was: string, theirs: string, mine: string, unit = "term") => ({
    unit,
    label: `${was} ${theirs} ${mine}`,
    was,
    theirs,
    mine,
  });
  const changed = (...rows: ReturnType<typeof row>[]) =>
    choicesOf(rows).map((choice) => choice.changed);
  expect(changed(row("A", "B", "A"))).toEqual(["theirs"]);
  expect(changed(row("A", "A", "B"))).toEqual(["mine"]);
  expect(changed(row("A", "B", "C"))).toEqual(["both"]);
  expect(changed(row("A", "B", "B"))).toEqual(["same"]);
  // One changed the first day and the other the last one: the term is in question as a whole.
  expect(changed(row("A", "B", "A"), row("X", "X", "Y"))).toEqual(["both"]);
  expect(changed(row("A", "B", "A"), row("X", "X", "Y", "number"))).toEqual(["theirs", "mine"]);
});

test("a part is taken over with all of its fields, and what is in no part stays", () => {
  const parts = { name: ["name"], term: ["from", "until"] } as const;
  const mine = { name: "Mine", from: "1", until: "2", note: "Mine" };
  const theirs = { name: "Theirs", from: "3", until: "4", note: "Theirs" };
  expect(takeOver(parts, mine, theirs, new Set(["term", "unheard of"]))).toEqual({
    name: "Mine",
    from: "3",
    until: "4",
    note: "Mine",
  });
});
