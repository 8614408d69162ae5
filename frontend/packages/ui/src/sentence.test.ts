import { expect, test } from "vitest";
import { sentence } from "./sentence";

test("a reason becomes a sentence, a sentence stays one", () => {
  expect(sentence("must not be empty")).toBe("Must not be empty.");
  expect(sentence("Enter a name.")).toBe("Enter a name.");
});
