import { createFormat } from "@countersign/ui/format";
import { expect, test } from "vitest";
import { choicesOf, conflictRows, takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import { type Cancellation, CANCELLATION_PARTS, cancellationFacts } from "./cancellation";

const format = createFormat("en-US", "America/Los_Angeles");
const NONE: Cancellation = { day: null, reason: "" };
const MINE: Cancellation = { day: "2026-11-30", reason: "Sold the business." };
const THEIRS: Cancellation = { day: "2026-12-15", reason: "Nonpayment." };

function changed(theirs: Cancellation) {
  const [was, onFile, mine] = [NONE, theirs, MINE].map((of) => cancellationFacts(of, en, format));
  return choicesOf(conflictRows(was ?? [], onFile ?? [], mine ?? [])).map((each) => each.changed);
}

test("a policy that somebody else changed meanwhile, and did not cancel, costs nobody the reason", () => {
  expect(changed(NONE)).toEqual(["mine", "mine"]);
});

test("of two cancellations the person chooses day and reason each", () => {
  expect(changed(THEIRS)).toEqual(["both", "both"]);
  expect(takeOver(CANCELLATION_PARTS, MINE, THEIRS, new Set(["day"]))).toEqual({
    day: "2026-12-15",
    reason: "Sold the business.",
  });
});
