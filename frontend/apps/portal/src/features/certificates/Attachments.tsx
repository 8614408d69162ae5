import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { saveFile } from "@countersign/ui/save-file";
import { useState } from "react";
import { AttachmentList } from "../../AttachmentList";

export interface AttachmentsProps {
  readonly certificate: Pick<components["schemas"]["Certificate"], "id" | "attachments">;
}

/** The endorsements that went with a certificate, each to be saved. */
export function Attachments({ certificate }: AttachmentsProps) {
  const [problem, setProblem] = useState<ProblemError | null>(null);

  async function save(file: components["schemas"]["CertificateAttachment"]) {
    setProblem(null);
    try {
      const { data } = await client.GET("/v1/certificates/{certificate}/attachments/{ordinal}", {
        params: { path: { certificate: certificate.id, ordinal: file.ordinal } },
        parseAs: "blob",
      });
      if (data !== undefined) saveFile(data, file.file_name);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }

  return (
    <>
      {problem === null ? null : <ProblemAlert problem={problem} />}
      <AttachmentList files={certificate.attachments} onSave={save} />
    </>
  );
}
