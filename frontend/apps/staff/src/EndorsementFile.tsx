import { client } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { saveFile } from "@countersign/ui/save-file";
import { useCallback } from "react";
import { useMessages } from "./messages/MessagesProvider";
import { PdfDrawer } from "./PdfDrawer";

export interface EndorsementFileProps {
  readonly policy: string;
  readonly form: components["schemas"]["Endorsement"];
  readonly onClose: () => void;
}

/** The PDF of an endorsement, in the page. */
export function EndorsementFile({ policy, form, onClose }: EndorsementFileProps) {
  const t = useMessages();
  const name = form.file?.name ?? "";
  const load = useCallback(async () => {
    const { data } = await client.GET("/v1/policies/{policy}/endorsements/{endorsement}/file", {
      params: { path: { policy, endorsement: form.id } },
      parseAs: "arrayBuffer",
    });
    if (data === undefined) throw new Error("the server answered without a file");
    return new Uint8Array(data);
  }, [policy, form.id]);
  return (
    <PdfDrawer
      title={t.attachments.titleOf(`${form.form_number} ${form.edition}`, name)}
      load={load}
      onSave={(bytes) => saveFile(new Blob([bytes], { type: "application/pdf" }), name)}
      onClose={onClose}
    />
  );
}
