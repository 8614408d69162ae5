import "../kit/dialogs.css";
import { IdleDialog, type IdleDialogProps } from "@countersign/ui/IdleDialog";

/** The warning before an idle session ends, with the styles that only it needs here. */
export function SessionEnding(props: IdleDialogProps) {
  return <IdleDialog {...props} />;
}
