import { expect, test } from "vitest";
import { conflictRows } from "./conflict-rows";

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
