import type { components } from "@countersign/api/schema";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { useFormat, useWords } from "@countersign/ui/UiProvider";
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { RefObject } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { PortalBadge } from "../../PortalBadge";
import type { Act } from "./AccountAct";
import classes from "./UpdateUser.module.css";

type PortalUser = components["schemas"]["PortalUser"];

/** What is open after the choice. */
export type AccountDialog = Act | "rights" | "username";

export interface UpdateUserProps {
  readonly account: PortalUser;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onChoose: (dialog: AccountDialog) => void;
  /** What it was reached from. After a choice the chosen dialog has the focus. */
  readonly focusBack: RefObject<HTMLElement | null>;
}

interface Choice {
  readonly dialog: AccountDialog;
  readonly may: string;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly why: string;
  readonly danger?: boolean;
}

/** What an account in its state lends itself to; what the person may not do of it says why. */
export function UpdateUser({ account, opened, onClose, onChoose, focusBack }: UpdateUserProps) {
  const t = useMessages();
  const words = useWords();
  const format = useFormat();
  const phone = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  const why = t.portal.whyNot;
  const { state } = account;
  const ended = state === "revoked" ? why.revoked : why.permission;
  const u = t.portal.update;
  const choices: readonly Choice[] = [
    {
      dialog: "rights",
      may: "change_rights",
      title: t.portal.rightsTitle,
      text: u.rights(account.rights.length),
      button: t.portal.changeRights,
      why: ended,
    },
    {
      dialog: "username",
      may: "rename",
      title: t.portal.username,
      text: account.username,
      button: t.portal.changeUsername,
      why: ended,
    },
    // A mail is offered only where its link would lead somewhere: no second invitation to somebody
    // who has a password, no reset where there is none, neither while nobody can sign in.
    ...mails(),
    state === "suspended"
      ? {
          dialog: "resume",
          may: "resume",
          title: u.access,
          text: u.suspendedText,
          button: t.portal.resume,
          why: why.permission,
        }
      : {
          dialog: "suspend",
          may: "suspend",
          title: u.access,
          text: u.suspendText,
          button: t.portal.suspend,
          why: ended,
          danger: true,
        },
    {
      dialog: "revoke",
      may: "revoke",
      title: u.end,
      text: u.endText,
      button: t.portal.revoke,
      why: state === "revoked" ? why.alreadyRevoked : why.permission,
      danger: true,
    },
  ];

  function mails(): readonly Choice[] {
    if (state === "suspended") return [];
    if (state === "active") {
      return [
        {
          dialog: "password-link",
          may: "mail_reset",
          title: u.password,
          text: u.passwordText(account.email),
          button: t.portal.sendReset,
          why: why.permission,
        },
      ];
    }
    return [
      {
        dialog: "invite",
        may: "invite",
        title: u.invitation,
        text: u.invitationText(account.email),
        button: state === "revoked" ? t.portal.inviteAgain : t.portal.resendInvitation,
        why: why.permission,
      },
    ];
  }

  return (
    <Modal
      opened={opened}
      onClose={() => {
        onClose();
        requestAnimationFrame(() => focusBack.current?.focus());
      }}
      returnFocus={false}
      title={t.portal.updateUser}
      size="lg"
      fullScreen={phone}
      closeButtonProps={{ "aria-label": words.close }}
      classNames={{ title: classes.title ?? "" }}
    >
      <p className={classes.facts}>
        <PortalBadge state={account.state} />
        <span>
          {account.last_sign_in_at
            ? t.insureds.portalFact(format.ago(account.last_sign_in_at))
            : t.insureds.portalFact(null)}
        </span>
      </p>
      <ul className={classes.list}>
        {choices.map((choice) => (
          <li key={choice.dialog} className={classes.choice}>
            <span>
              <span className={classes.name}>{choice.title}</span>
              <span className={classes.text}>{choice.text}</span>
            </span>
            <GuardedButton
              variant="default"
              size="xs"
              reason={account.may.includes(choice.may) ? null : choice.why}
              onClick={() => {
                onClose();
                onChoose(choice.dialog);
              }}
              {...(choice.danger ? { c: "var(--cs-bad)" } : {})}
            >
              {choice.button}
            </GuardedButton>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
