import { expect, test } from "vitest";
import { en } from "./en";

test("a name that ends in a period is not followed by another one", () => {
  const said = en.certificates.resendEditedText("26-000004", "Granite Peak Builders, Inc.");
  expect(said).toContain("Granite Peak Builders, Inc.: you can change");
  expect(said).not.toContain("..");
});
