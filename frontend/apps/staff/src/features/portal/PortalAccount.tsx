import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FactList } from "@countersign/ui/FactList";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { useRef, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { PortalBadge } from "../../PortalBadge";
import { AccountDialogs } from "./AccountDialogs";
import classes from "./PortalAccount.module.css";
import { type AccountDialog, UpdateUser } from "./UpdateUser";

export interface PortalAccountProps {
  readonly insured: components["schemas"]["Insured"];
  readonly onCreate: () => void;
}

/** The insured's portal account: its state, its rights, and what staff can do about it. */
export function PortalAccount({ insured, onCreate }: PortalAccountProps) {
  const t = useMessages();
  const format = useFormat();
  const [open, setOpen] = useState<AccountDialog | null>(null);
  const [updating, setUpdating] = useState(false);
  const updateButton = useRef<HTMLButtonElement>(null);
  const exists = Boolean(insured.portal_user);
  const catalogue = api.useQuery("get", "/v1/portal-rights", undefined, {
    staleTime: 3_600_000,
    enabled: exists,
  });
  const account = api.useQuery(
    "get",
    "/v1/insureds/{insured}/portal-user",
    { params: { path: { insured: insured.id } } },
    { enabled: exists },
  );

  if (!exists) {
    return (
      <EmptyState
        title={t.portal.none(insured.name)}
        action={
          <GuardedButton
            reason={insured.may.includes("create_user_account") ? null : t.portal.whyNot.permission}
            onClick={onCreate}
          >
            {t.portal.createAccount}
          </GuardedButton>
        }
      >
        {t.portal.noneText}
      </EmptyState>
    );
  }
  const user = account.data;
  if (account.error !== null && user === undefined) {
    return (
      <ProblemAlert problem={problemOf(account.error)} onRetry={() => void account.refetch()} />
    );
  }
  if (user === undefined) {
    return (
      <Loading>
        <Skeleton height={280} />
      </Loading>
    );
  }

  return (
    <div className={classes.columns}>
      <div>
        <Section
          title={t.portal.account}
          actions={
            <Button
              ref={updateButton}
              variant="default"
              size="xs"
              onClick={() => setUpdating(true)}
            >
              {t.portal.updateUser}
            </Button>
          }
        >
          <FactList
            facts={[
              { label: t.portal.state, value: <PortalBadge state={user.state} /> },
              { label: t.portal.username, value: user.username },
              { label: t.portal.mailsGoTo, value: user.email },
              { label: t.portal.invitedAt, value: format.moment(user.invited_at) },
              ...(user.state === "invited"
                ? [
                    {
                      label: t.portal.invitationEnds,
                      value: user.invitation_expires_at
                        ? format.moment(user.invitation_expires_at)
                        : null,
                    },
                  ]
                : [
                    { label: t.portal.activatedAt, value: format.moment(user.activated_at) },
                    {
                      label: t.portal.lastSignIn,
                      value: user.last_sign_in_at ? format.moment(user.last_sign_in_at) : t.never,
                    },
                  ]),
              ...(user.suspended_at
                ? [{ label: t.portal.suspendedAt, value: format.moment(user.suspended_at) }]
                : []),
            ]}
          />
        </Section>
      </div>
      <Section title={t.portal.rightsTitle}>
        {catalogue.error === null ? null : (
          <ProblemAlert
            problem={problemOf(catalogue.error)}
            onRetry={() => void catalogue.refetch()}
          />
        )}
        <ul className={classes.rights}>
          {(catalogue.data?.data ?? [])
            .filter((right) => user.rights.includes(right.word))
            .map((right) => (
              <li key={right.word} data-kind={right.kind}>
                <span className={classes.label}>{right.label}</span>
                <span className={classes.kind}>
                  {right.kind === "act" ? t.portal.kindAct : t.portal.kindRead}
                </span>
                <span className={classes.description}>{right.description}</span>
              </li>
            ))}
        </ul>
        {user.rights.length === 0 ? <p className={classes.soft}>{t.portal.noRights}</p> : null}
      </Section>
      <UpdateUser
        account={user}
        opened={updating}
        onClose={() => setUpdating(false)}
        onChoose={setOpen}
        focusBack={updateButton}
      />
      <AccountDialogs
        account={user}
        open={open}
        onClose={() => setOpen(null)}
        focusBack={updateButton}
      />
    </div>
  );
}
