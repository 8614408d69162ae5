import type { components } from "@countersign/api/schema";
import { MenuAction } from "@countersign/ui/MenuAction";
import { Menu } from "@mantine/core";
import {
  IconAt,
  IconKey,
  IconListCheck,
  IconMailForward,
  IconPlayerPause,
  IconPlayerPlay,
  IconUserOff,
} from "@tabler/icons-react";
import { useMessages } from "../../messages/MessagesProvider";
import type { Act } from "./AccountAct";

type PortalUser = components["schemas"]["PortalUser"];

/** What is open beside the menu. */
export type AccountDialog = Act | "rights" | "username";

export interface UpdateUserProps {
  readonly account: PortalUser;
  readonly onChoose: (dialog: AccountDialog) => void;
}

/** The items of "Update User"; what cannot be done now says why. */
export function UpdateUser({ account, onChoose }: UpdateUserProps) {
  const t = useMessages();
  const why = t.portal.whyNot;
  const icon = { size: 16, stroke: 1.6 };
  const not = (act: string, reason: string) => (account.may.includes(act) ? null : reason);
  const state = account.state;
  const ended = state === "revoked" ? why.revoked : why.permission;
  return (
    <>
      <MenuAction
        icon={<IconListCheck {...icon} />}
        reason={not("change_rights", ended)}
        onClick={() => onChoose("rights")}
      >
        {t.portal.changeRights}
      </MenuAction>
      <MenuAction
        icon={<IconAt {...icon} />}
        reason={not("change_username", ended)}
        onClick={() => onChoose("username")}
      >
        {t.portal.changeUsername}
      </MenuAction>
      <MenuAction
        icon={<IconKey {...icon} />}
        reason={not("send_password_link", state === "active" ? why.permission : why.notActive)}
        onClick={() => onChoose("password-link")}
      >
        {t.portal.sendReset}
      </MenuAction>
      <MenuAction
        icon={<IconMailForward {...icon} />}
        reason={not("invite", state === "active" ? why.alreadyActive : why.permission)}
        onClick={() => onChoose("invite")}
      >
        {state === "revoked" ? t.portal.inviteAgain : t.portal.resendInvitation}
      </MenuAction>
      <Menu.Divider />
      {state === "suspended" ? (
        <MenuAction
          icon={<IconPlayerPlay {...icon} />}
          reason={not("resume", why.permission)}
          onClick={() => onChoose("resume")}
        >
          {t.portal.resume}
        </MenuAction>
      ) : (
        <MenuAction
          icon={<IconPlayerPause {...icon} />}
          danger
          reason={not("suspend", ended)}
          onClick={() => onChoose("suspend")}
        >
          {t.portal.suspend}
        </MenuAction>
      )}
      <MenuAction
        icon={<IconUserOff {...icon} />}
        danger
        reason={not("revoke", state === "revoked" ? why.alreadyRevoked : why.permission)}
        onClick={() => onChoose("revoke")}
      >
        {t.portal.revoke}
      </MenuAction>
    </>
  );
}
