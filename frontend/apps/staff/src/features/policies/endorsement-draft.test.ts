import { expect, test } from "vitest";
import { bodyOf, draftOf, missingIn } from "./endorsement-draft";

const named = { form_number: "CG 20 10", edition: "04 13", title: "Additional Insured" };

test("A new endorsement does nothing and reaches nobody before both are chosen", () => {
  const draft = { ...draftOf(null), ...named };
  expect(missingIn(draft)).toEqual(["effect", "scope"]);
  expect(bodyOf(draft)).toBeNull();
  expect(bodyOf({ ...draft, effect: "waiver" })).toBeNull();
  expect(bodyOf({ ...draft, scope: "blanket" })).toBeNull();
});

test("With both chosen it is sent as it was entered", () => {
  const draft = { ...draftOf(null), ...named, effect: "waiver", scope: "blanket" } as const;
  expect(missingIn(draft)).toEqual([]);
  expect(bodyOf(draft)).toMatchObject({ ...named, effect: "waiver", scope: "blanket" });
});

test("Blanks are no name of a form", () => {
  expect(missingIn({ ...draftOf(null), ...named, form_number: " ", edition: "" })).toEqual([
    "form_number",
    "edition",
    "effect",
    "scope",
  ]);
});
