import { expect, test } from "vitest";
import { sentence, takenUp } from "./sentence";

test("a reason becomes a sentence, a sentence stays one", () => {
  expect(sentence("must not be empty")).toBe("Must not be empty.");
  expect(sentence("Enter a name.")).toBe("Enter a name.");
});

test("a name that ends in a period ends its sentence", () => {
  expect(sentence("Call Summit Ridge Insurance, Inc.")).toBe("Call Summit Ridge Insurance, Inc.");
  expect(sentence("Call Summit Ridge Insurance")).toBe("Call Summit Ridge Insurance.");
});

test("a label within a sentence is written small, a name is not", () => {
  const fix = "Ask the carrier for Each occurrence of at least $2,000,000.";
  expect(takenUp(fix, "Each occurrence")).toBe(
    "Ask the carrier for each occurrence of at least $2,000,000.",
  );
  expect(takenUp("Each occurrence is $1,000,000.", "Each occurrence")).toBe(
    "Each occurrence is $1,000,000.",
  );
  expect(takenUp("Ask the carrier for CG 20 37.", "CG 20 37")).toBe(
    "Ask the carrier for CG 20 37.",
  );
});
