import type { components } from "@countersign/api/schema";
import type { RefObject } from "react";
import { AccountAct } from "./AccountAct";
import { ChangeRights } from "./ChangeRights";
import { ChangeUsername } from "./ChangeUsername";
import type { AccountDialog } from "./UpdateUser";

export interface AccountDialogsProps {
  readonly account: components["schemas"]["PortalUser"];
  readonly open: AccountDialog | null;
  readonly onClose: () => void;
  /** What the dialogs were reached from: "Update User" is gone when they close. */
  readonly focusBack: RefObject<HTMLElement | null>;
}

/** The dialog that an item of "Update User" opened. */
export function AccountDialogs({ account, open, onClose, focusBack }: AccountDialogsProps) {
  if (open === null) return null;
  const dialog = { account, onClose, focusBack };
  if (open === "rights") return <ChangeRights {...dialog} />;
  if (open === "username") return <ChangeUsername {...dialog} />;
  return <AccountAct {...dialog} act={open} />;
}
