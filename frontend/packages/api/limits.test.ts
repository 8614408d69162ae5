import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { MAX_DESCRIPTION, MAX_FILE_BYTES } from "./limits";

test("the limits are those of the contract", async () => {
  const contract = new URL("../../../openapi/countersign.json", import.meta.url);
  const document: unknown = JSON.parse(await readFile(contract, "utf8"));
  for (const schema of ["DraftBody", "MasterBody", "SendBody"]) {
    expect(document).toHaveProperty(
      `components.schemas.${schema}.properties.description.maxLength`,
      MAX_DESCRIPTION,
    );
  }
  expect(document).toHaveProperty(
    ["paths", "/v1/policies/{policy}/endorsements/{endorsement}/file", "put", "description"],
    expect.stringContaining(`at most ${MAX_FILE_BYTES / 1_000_000} MB`),
  );
});
