import type { components } from "@countersign/api/schema";
import { expect, test } from "vitest";
import { conflictRows } from "../../conflict-rows";
import { en } from "../../messages/en";
import { rightFacts, takeOverRights } from "./account-facts";

type Right = components["schemas"]["RightWord"];

const WORDS = ["file_access", "certificates_sent", "send_certificates"] as const;

const CATALOGUE = WORDS.map((word) => ({
  word,
  kind: "read" as const,
  label: `Right to ${word}`,
  description: "",
}));

test("rights that two people gave and took are merged one by one", () => {
  const before: Right[] = ["file_access"];
  const theirs: Right[] = ["file_access", "certificates_sent"];
  const mine: Right[] = ["send_certificates"];
  const facts = (rights: readonly Right[]) => rightFacts(rights, CATALOGUE, en);
  const rows = conflictRows(facts(before), facts(theirs), facts(mine));
  expect(rows.map(({ unit, was, theirs, mine }) => [unit, was, theirs, mine])).toEqual([
    ["file_access", "Yes", "Yes", "No"],
    ["certificates_sent", "No", "Yes", "No"],
    ["send_certificates", "No", "No", "Yes"],
  ]);
  const merged = takeOverRights(mine, theirs, new Set(["certificates_sent"]));
  expect(new Set(merged)).toEqual(new Set(["send_certificates", "certificates_sent"]));
  // What the other person took away is taken away here.
  expect(takeOverRights(["file_access"], [], new Set(["file_access"]))).toEqual([]);
});
