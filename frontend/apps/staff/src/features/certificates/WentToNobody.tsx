import type { components } from "@countersign/api/schema";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./NotResendable.module.css";

export interface WentToNobodyProps {
  readonly certificate: components["schemas"]["Certificate"];
}

/** That a certificate stands and nobody has it, since all its mail was undone. */
export function WentToNobody({ certificate }: WentToNobodyProps) {
  const t = useMessages();
  const { deliveries, revision, state } = certificate;
  const undone = deliveries.length > 0 && deliveries.every((each) => each.undone_by_name != null);
  if (state !== "issued" || !undone) return null;
  return (
    <div className={classes.reason} role="note">
      <p>{revision === 0 ? t.undoing.nobody : t.undoing.nobodyRevision(revision - 1)}</p>
      <p>{t.undoing.nobodyFix}</p>
    </div>
  );
}
