import { problemOf } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { MenuAction } from "@countersign/ui/MenuAction";
import { toastProblem } from "@countersign/ui/toast";
import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  IconCalendarRepeat,
  IconChevronDown,
  IconMailForward,
  IconPencil,
  IconSend,
  IconStack2,
  IconUserCog,
  IconUserPlus,
} from "@tabler/icons-react";
import { useRef, useState } from "react";
import { AccountDialogs } from "../../../features/portal/AccountDialogs";
import { CreateUserAccount } from "../../../features/portal/CreateUserAccount";
import { type AccountDialog, UpdateUser } from "../../../features/portal/UpdateUser";
import { portalUserQuery } from "../../../insured";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";

export interface ProfileActionsProps {
  readonly insured: components["schemas"]["Insured"];
}

/** Everything that can be started from the profile. Create User Account gives way to Update User. */
export function ProfileActions({ insured }: ProfileActionsProps) {
  const t = useMessages();
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [updating, setUpdating] = useState(false);
  const [dialog, setDialog] = useState<AccountDialog | null>(null);
  const hasAccount = Boolean(insured.portal_user);
  const query = useQuery({ ...portalUserQuery(insured.id), enabled: hasAccount });
  const account = query.data;
  const button = useRef<HTMLButtonElement>(null);
  const icon = { size: 16, stroke: 1.6 };
  const not = (act: string, reason: string) => (insured.may.includes(act) ? null : reason);

  async function update() {
    setUpdating(true);
    if (account !== undefined) return;
    const { error } = await query.refetch({ cancelRefetch: false });
    if (error === null) return;
    setUpdating(false);
    toastProblem(problemOf(error));
  }

  return (
    <>
      <Menu position="bottom-end" width={264}>
        <Menu.Target>
          <Button ref={button} variant="default" rightSection={<IconChevronDown size={15} />}>
            {t.actions}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuAction
            icon={<IconSend {...icon} />}
            reason={not("send_certificate", t.certificates.whyNot.resend)}
            onClick={() => void navigate(paths.sendCertificate(insured.id))}
          >
            {t.certificates.send}
          </MenuAction>
          <MenuAction
            icon={<IconMailForward {...icon} />}
            reason={not("send_certificate", t.certificates.whyNot.resend)}
            onClick={() => void navigate(paths.sendMany(insured.id))}
          >
            {t.batches.sendMany}
          </MenuAction>
          <MenuAction
            icon={<IconCalendarRepeat {...icon} />}
            reason={not("send_certificate", t.certificates.whyNot.resend)}
            onClick={() => void navigate(paths.renewalRun(insured.id))}
          >
            {t.batches.renewalRun}
          </MenuAction>
          <MenuAction
            icon={<IconStack2 {...icon} />}
            reason={not("create_master", t.masters.mayNot)}
            onClick={() => void navigate(paths.newMaster(insured.id))}
          >
            {t.masters.add}
          </MenuAction>
          <MenuAction
            icon={<IconPencil {...icon} />}
            reason={not("edit", t.insureds.mayNotEdit)}
            onClick={() => void navigate(paths.editInsured(insured.id))}
          >
            {t.insureds.edit}
          </MenuAction>
          <Menu.Divider />
          {hasAccount ? (
            <MenuAction
              icon={<IconUserCog {...icon} />}
              reason={not("update_user", t.portal.whyNot.permission)}
              onClick={() => void update()}
            >
              {t.portal.updateUser}
            </MenuAction>
          ) : (
            <MenuAction
              icon={<IconUserPlus {...icon} />}
              reason={not("create_user_account", t.portal.whyNot.permission)}
              onClick={() => setCreating(true)}
            >
              {t.portal.createAccount}
            </MenuAction>
          )}
        </Menu.Dropdown>
      </Menu>
      <CreateUserAccount insured={insured} opened={creating} onClose={() => setCreating(false)} />
      {account === undefined ? null : (
        <>
          <UpdateUser
            account={account}
            opened={updating}
            onClose={() => setUpdating(false)}
            onChoose={setDialog}
            focusBack={button}
          />
          <AccountDialogs
            account={account}
            open={dialog}
            onClose={() => setDialog(null)}
            focusBack={button}
          />
        </>
      )}
    </>
  );
}
