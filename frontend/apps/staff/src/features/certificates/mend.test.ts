import { expect, test } from "vitest";
import { excerpt, locate, mended } from "./mend";

const passage = { words: "30 days notice", start: 10, end: 24 };
const replacement = { start: 10, end: 39, text: "" };

test("a sentence is taken out without leaving a gap", () => {
  const text = "Job 4471.\n30 days notice will be given.\nPhase two.";
  expect(mended(text, { passage, replacement })).toBe("Job 4471.\nPhase two.");
  expect(mended("30 days notice will be given.", { passage, replacement })).toBe("");
});

test("what was typed may begin elsewhere than what would be printed", () => {
  const text = "  Job 4471.\r\n30 days notice will be given.";
  expect(locate(text, passage)).toEqual({ start: 13, end: 27 });
  expect(mended(text, { passage, replacement })).toBe("Job 4471.");
  expect(mended("Job 4471.", { passage, replacement })).toBe("Job 4471.");
});

test("another edition comes in place of the words alone, whatever stands before", () => {
  const text = "\u{1f3e0} per CG 20 10 11 85, Reno";
  const words = { words: "CG 20 10 11 85", start: 6, end: 20 };
  const other = { start: 6, end: 20, text: "CG 20 10 04 13" };
  expect(mended(text, { passage: words, replacement: other })).toBe(
    "\u{1f3e0} per CG 20 10 04 13, Reno",
  );
});

test("an excerpt is the line with the words, and no more than fits", () => {
  expect(excerpt("Job 4471.\n30 days notice will be given.", passage)).toEqual({
    before: "",
    words: "30 days notice",
    after: " will be given.",
  });
  const long = `${"x".repeat(100)} 30 days notice`;
  expect(excerpt(long, { ...passage, start: 101, end: 115 })?.before).toMatch(/^…x+ $/);
  expect(excerpt("Job", passage)).toBeNull();
});
