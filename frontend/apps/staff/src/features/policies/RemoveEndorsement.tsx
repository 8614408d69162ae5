import { client, ifMatch } from "@countersign/api/client";
import type { components } from "@countersign/api/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { RemovalDialog } from "../../RemovalDialog";
import { refreshPolicy } from "./refresh-policy";

export interface RemoveEndorsementProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly form: components["schemas"]["Endorsement"];
  readonly onClose: () => void;
}

/** Takes an endorsement off its policy. */
export function RemoveEndorsement({ record, form, onClose }: RemoveEndorsementProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [version] = useState(record.version);
  const name = `${form.form_number} ${form.edition}`;
  return (
    <RemovalDialog
      title={t.endorsements.removeOf(name)}
      confirmLabel={t.endorsements.remove}
      onRemove={async () => {
        await client.DELETE("/v1/policies/{policy}/endorsements/{endorsement}", {
          params: { path: { policy: record.id, endorsement: form.id }, header: ifMatch(version) },
        });
        await refreshPolicy(cache, record);
      }}
      done={t.endorsements.removed(name)}
      onClose={onClose}
    >
      {t.endorsements.removeText}
    </RemovalDialog>
  );
}
