import { expect, test } from "vitest";
import contract from "../../../../openapi/countersign.json?raw";
import { descriptionLength, MAX_DESCRIPTION } from "./description";

test("the longest description is the one that the contract names", () => {
  const document: unknown = JSON.parse(contract);
  expect(document).toHaveProperty(
    "components.schemas.DraftBody.properties.description.maxLength",
    MAX_DESCRIPTION,
  );
  expect(document).toHaveProperty(
    "components.schemas.MasterBody.properties.description.maxLength",
    MAX_DESCRIPTION,
  );
});

test("letters count, not bytes, and what is trimmed does not", () => {
  expect(descriptionLength("  Job 4471\r\nroof  ")).toBe(13);
  expect(descriptionLength("u\u0308")).toBe(1);
  expect(descriptionLength("\u{1f3d7}")).toBe(1);
});
