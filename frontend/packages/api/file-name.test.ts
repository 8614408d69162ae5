import { expect, test } from "vitest";
import { fileName } from "./file-name";

function named(disposition?: string): string | null {
  return fileName(
    new Response(null, disposition ? { headers: { "Content-Disposition": disposition } } : {}),
  );
}

test("a file is called what the server calls it", () => {
  expect(named('attachment; filename="Certificate-26-000055.pdf"')).toBe(
    "Certificate-26-000055.pdf",
  );
  expect(named('attachment; filename="The \\"Mill\\".pdf"')).toBe('The "Mill".pdf');
  expect(named("attachment; filename=\"Pena.pdf\"; filename*=UTF-8''Pe%C3%B1a.pdf")).toBe(
    "Peña.pdf",
  );
  expect(named("inline")).toBeNull();
  expect(named()).toBeNull();
});
