import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

const document = new URL("../../../openapi/countersign.json", import.meta.url);
const committed = new URL("./schema.d.ts", import.meta.url);

/* With UPDATE=1 the file is written instead of compared. */
test("schema.d.ts says what the OpenAPI document says", async () => {
  const generated = COMMENT_HEADER + astToString(await openapiTS(document));
  if (process.env["UPDATE"] === "1") await writeFile(committed, generated);
  expect(await readFile(committed, "utf8")).toBe(generated);
});
