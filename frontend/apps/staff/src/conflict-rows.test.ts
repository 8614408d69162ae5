import { expect, test } from "vitest";
import { choicesOf, conflictRows, openOf, takenOf, takeOver } from "./conflict-rows";

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

test("what both changed is open until it is decided, and only what is on file is taken over", () => {
  const row = (unit: string, was: string, theirs: string, mine: string) => ({
    unit,
    label: unit,
    was,
    theirs,
    mine,
  });
  const choices = choicesOf([
    row("name", "A", "B", "A"),
    row("trade", "A", "A", "B"),
    row("phone", "A", "B", "C"),
    row("reason", "A", "B", "C"),
    row("email", "A", "B", "B"),
  ]);
  const open = (decided: ReadonlyMap<string, "theirs" | "mine">) =>
    openOf(choices, decided).map((choice) => choice.unit);
  expect(open(new Map())).toEqual(["phone", "reason"]);
  expect(open(new Map([["phone", "mine"]]))).toEqual(["reason"]);
  const decided = new Map([
    ["phone", "theirs"],
    ["reason", "mine"],
    // Decided while both had changed it; meanwhile what was entered here is as it was.
    ["trade", "theirs"],
  ] as const);
  expect(open(decided)).toEqual([]);
  expect(takenOf(choices, decided)).toEqual(new Set(["name", "phone"]));
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
