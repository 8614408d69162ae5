import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { MAX_DESCRIPTION } from "./limits";

test("the limits are those of the contract", async () => {
  const contract = new URL("../../../openapi/countersign.json", import.meta.url);
  const document: unknown = JSON.parse(await readFile(contract, "utf8"));
  for (const schema of ["DraftBody", "MasterBody", "SendBody"]) {
    expect(document).toHaveProperty(
      `components.schemas.${schema}.properties.description.maxLength`,
      MAX_DESCRIPTION,
    );
  }
});
