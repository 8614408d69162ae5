import { client } from "@countersign/api/client";
import { fileName } from "@countersign/api/file-name";
import type { components } from "@countersign/api/schema";
import { saveFile } from "@countersign/ui/save-file";

type CertificateRow = components["schemas"]["CertificateRow"];

/** The stored page, byte for byte. Each look is written to the agency's history. */
export async function lookAt(certificate: string): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = await client.GET("/v1/certificates/{certificate}/preview", {
    params: { path: { certificate } },
    parseAs: "arrayBuffer",
  });
  if (data === undefined) throw new Error("the server answered a preview without a page");
  return new Uint8Array(data);
}

export async function download(row: Pick<CertificateRow, "id" | "number">): Promise<void> {
  const { data, response } = await client.GET("/v1/certificates/{certificate}/download", {
    params: { path: { certificate: row.id } },
    parseAs: "blob",
  });
  if (data === undefined) throw new Error("the server answered a download without a page");
  saveFile(data, fileName(response) ?? `Certificate-${row.number}.pdf`);
}
