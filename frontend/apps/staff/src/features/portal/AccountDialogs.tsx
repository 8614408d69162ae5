import type { components } from "@countersign/api/schema";
import { AccountAct } from "./AccountAct";
import { ChangeRights } from "./ChangeRights";
import { ChangeUsername } from "./ChangeUsername";
import type { AccountDialog } from "./UpdateUser";

export interface AccountDialogsProps {
  readonly account: components["schemas"]["PortalUser"];
  readonly open: AccountDialog | null;
  readonly onClose: () => void;
}

/** The dialog that an item of "Update User" opened. */
export function AccountDialogs({ account, open, onClose }: AccountDialogsProps) {
  if (open === null) return null;
  if (open === "rights") return <ChangeRights account={account} onClose={onClose} />;
  if (open === "username") return <ChangeUsername account={account} onClose={onClose} />;
  return <AccountAct account={account} act={open} onClose={onClose} />;
}
