import { client, ifMatch } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { RemovalDialog } from "../../RemovalDialog";
import { refreshPolicy } from "./refresh-policy";

export interface RemoveFileProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly form: components["schemas"]["Endorsement"];
  readonly onClose: () => void;
}

/** Takes the PDF off an endorsement; what it went with keeps it. */
export function RemoveFile({ record, form, onClose }: RemoveFileProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [version] = useState(record.version);
  const name = `${form.form_number} ${form.edition}`;
  return (
    <RemovalDialog
      title={t.attachments.removeOf(name)}
      confirmLabel={t.attachments.remove}
      onRemove={async () => {
        await client.DELETE("/v1/policies/{policy}/endorsements/{endorsement}/file", {
          params: { path: { policy: record.id, endorsement: form.id }, header: ifMatch(version) },
        });
        await refreshPolicy(cache, record);
      }}
      done={t.attachments.removed(name)}
      onClose={onClose}
    >
      {t.attachments.removeText}
    </RemovalDialog>
  );
}
