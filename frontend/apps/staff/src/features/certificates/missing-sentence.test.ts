import { expect, test } from "vitest";
import { sentenceFor } from "./missing-sentence";

const wordings = [
  { form: "CG 20 10 04 13", line: "general_liability" as const, text: "Ten." },
  { form: "CG 20 37 04 13", line: "general_liability" as const, text: "Thirty-seven." },
];

test("a requirement that only the page leaves unmet has the sentence that meets it", () => {
  const fix = "Insert the sentence of CG 20 37 04 13 into the description of operations.";
  expect(sentenceFor({ met: false, fix }, wordings)?.text).toBe("Thirty-seven.");
  expect(sentenceFor({ met: true, fix }, wordings)).toBeNull();
  expect(sentenceFor({ met: false, fix }, wordings.slice(0, 1))).toBeNull();
});

test("where the policy itself falls short there is nothing to insert", () => {
  const fix = "Ask the carrier for CG 20 37.";
  expect(sentenceFor({ met: false, fix }, wordings)).toBeNull();
  expect(sentenceFor({ met: false }, wordings)).toBeNull();
});
