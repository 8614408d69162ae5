import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { saveFile } from "@countersign/ui/save-file";
import { useCallback, useState } from "react";
import { AttachmentList } from "../../AttachmentList";

type Attachment = components["schemas"]["CertificateAttachment"];

export interface AttachmentsProps {
  readonly certificate: Pick<components["schemas"]["Certificate"], "id" | "attachments">;
}

/** The endorsements that went with a certificate, each to be looked at and saved. */
export function Attachments({ certificate }: AttachmentsProps) {
  const [problem, setProblem] = useState<ProblemError | null>(null);

  const load = useCallback(
    async ({ ordinal }: Attachment) => {
      const { data } = await client.GET("/v1/certificates/{certificate}/attachments/{ordinal}", {
        params: { path: { certificate: certificate.id, ordinal } },
        parseAs: "blob",
      });
      if (data === undefined) throw new Error("the server answered without a file");
      return data;
    },
    [certificate.id],
  );

  async function save(file: Attachment) {
    setProblem(null);
    try {
      saveFile(await load(file), file.file_name);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }

  return (
    <>
      {problem === null ? null : <ProblemAlert problem={problem} />}
      <AttachmentList files={certificate.attachments} load={load} onSave={save} />
    </>
  );
}
