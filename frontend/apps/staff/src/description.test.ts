import { expect, test } from "vitest";
import { descriptionLength, unknownPlaceholder } from "./description";

test("letters count, not bytes, and what is trimmed does not", () => {
  expect(descriptionLength("  Job 4471\r\nroof  ")).toBe(13);
  expect(descriptionLength("u\u0308")).toBe(1);
  expect(descriptionLength("\u{1f3d7}")).toBe(1);
});

test("what stands in two braces and is no placeholder is found as soon as it is written", () => {
  const known = ["holder", "insured"];
  expect(unknownPlaceholder("For {{holder}} by {{ insured }}.", known)).toBeNull();
  expect(unknownPlaceholder("For {{holder.name}}.", known)).toBe("{{holder.name}}");
  expect(unknownPlaceholder("For {{holder}} and {{}}", known)).toBe("{{}}");
  expect(unknownPlaceholder("For {{hold", known)).toBeNull();
});
