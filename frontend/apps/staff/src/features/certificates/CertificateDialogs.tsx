import type { components } from "@countersign/api/schema";
import { PreviewDialog } from "./PreviewDialog";
import { ResendEdited } from "./ResendEdited";
import { ResendExact } from "./ResendExact";
import type { RowDialog } from "./RowActions";
import { Withdraw } from "./Withdraw";

export interface CertificateDialogsProps {
  readonly open: {
    readonly dialog: RowDialog;
    readonly row: components["schemas"]["CertificateRow"];
  } | null;
  readonly onClose: () => void;
}

/** The dialog that an item of a row's menu opened. */
export function CertificateDialogs({ open, onClose }: CertificateDialogsProps) {
  if (open === null) return null;
  const { dialog, row } = open;
  if (dialog === "preview") return <PreviewDialog certificate={row} onClose={onClose} />;
  if (dialog === "exact") return <ResendExact certificate={row} onClose={onClose} />;
  if (dialog === "withdraw") return <Withdraw certificate={row} onClose={onClose} />;
  return <ResendEdited certificate={row} onClose={onClose} />;
}
