import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { useState } from "react";
import { type ImportFile, kindOf } from "./kinds";
import { looksLikeWorkbook } from "./workbooks";

export interface Upload {
  readonly id: string;
  readonly file: File;
  readonly kind: ImportFile | null;
  readonly sending: boolean;
  readonly problem: ProblemError | null;
  /** A workbook, which no import can read: said at once, and nothing is asked about it. */
  readonly refused: boolean;
}

export interface Uploads {
  /** What was chosen and has not arrived; what arrived stands in the import. */
  readonly pending: readonly Upload[];
  readonly take: (files: File[]) => Promise<void>;
  readonly send: (upload: Upload, kind: ImportFile) => Promise<void>;
  readonly leaveOut: (upload: Upload) => void;
}

/** Takes CSV files one by one, as the bytes they are; a name that says nothing is asked about. */
export function useUploads(run: string, onUploaded: () => Promise<void>): Uploads {
  const [pending, setPending] = useState<readonly Upload[]>([]);

  function update(id: string, part: Partial<Upload>) {
    setPending((last) =>
      last.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)),
    );
  }

  function leaveOut({ id }: Upload) {
    setPending((last) => last.filter((upload) => upload.id !== id));
  }

  async function send(upload: Upload, kind: ImportFile) {
    update(upload.id, { kind, sending: true, problem: null });
    try {
      await client.PUT("/v1/imports/{import}/files/{file}", {
        params: { path: { import: run, file: kind } },
        body: "",
        // The bytes go as they are: the server tells UTF-8 from Windows-1252.
        bodySerializer: () => upload.file,
        headers: { "Content-Type": "text/csv" },
      });
      await onUploaded();
      leaveOut(upload);
    } catch (thrown) {
      update(upload.id, { sending: false, problem: problemOf(thrown) });
    }
  }

  async function take(files: File[]) {
    const fresh = await Promise.all(
      files.map(async (file): Promise<Upload> => {
        const refused = await looksLikeWorkbook(file);
        return {
          id: crypto.randomUUID(),
          file,
          kind: refused ? null : kindOf(file.name),
          sending: false,
          problem: null,
          refused,
        };
      }),
    );
    setPending((last) => [...last, ...fresh]);
    // One after the other: each answer is the whole import with what it holds by then.
    for (const upload of fresh) {
      if (upload.kind !== null) await send(upload, upload.kind);
    }
  }

  return { pending, take, send, leaveOut };
}
