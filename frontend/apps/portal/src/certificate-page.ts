import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";

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
  const { data } = await client.GET("/v1/certificates/{certificate}/download", {
    params: { path: { certificate: row.id } },
    parseAs: "blob",
  });
  if (data === undefined) throw new Error("the server answered a download without a page");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = `certificate-${row.number}.pdf`;
  link.click();
  // The browser has taken the address by the time the next task runs.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
