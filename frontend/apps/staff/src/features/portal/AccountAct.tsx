import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Messages } from "../../messages/en";
import { useMessages } from "../../messages/MessagesProvider";

type PortalUser = components["schemas"]["PortalUser"];

/** What staff do to an account with one confirmation. */
export type Act = "suspend" | "resume" | "revoke" | "invite" | "password-link";

function call(act: Act, insured: string) {
  const params = { path: { insured } };
  switch (act) {
    case "suspend":
      return client.POST("/v1/insureds/{insured}/portal-user/suspend", { params });
    case "resume":
      return client.POST("/v1/insureds/{insured}/portal-user/resume", { params });
    case "revoke":
      return client.POST("/v1/insureds/{insured}/portal-user/revoke", { params });
    case "invite":
      return client.POST("/v1/insureds/{insured}/portal-user/invite", { params });
    case "password-link":
      return client.POST("/v1/insureds/{insured}/portal-user/password-link", { params });
  }
}

function words(act: Act, account: PortalUser, t: Messages) {
  const acts = t.portal.acts;
  switch (act) {
    case "suspend":
      return acts.suspend(account.username);
    case "resume":
      return acts.resume(account.username);
    case "revoke":
      return acts.revoke(account.username);
    case "invite":
      return acts.invite(account.email);
    case "password-link":
      return acts.passwordLink(account.email);
  }
}

export interface AccountActProps {
  readonly account: PortalUser;
  readonly act: Act;
  readonly onClose: () => void;
}

/** Asks, acts, says what was done; a suspension can be taken back from the toast. */
export function AccountAct({ account, act, onClose }: AccountActProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { title, text, confirm, done } = words(act, account, t);

  function refresh() {
    void invalidate(cache, "/v1/insureds");
    return invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
  }

  async function run() {
    setBusy(true);
    setProblem(null);
    try {
      await call(act, account.insured_id);
      await refresh();
      toastDone(
        done,
        act === "suspend"
          ? {
              label: t.undo,
              onUndo: () => void call("resume", account.insured_id).then(refresh),
            }
          : undefined,
      );
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void run()}
      title={title}
      confirmLabel={confirm}
      danger={act === "suspend" || act === "revoke"}
      busy={busy}
      problem={problem === null ? null : { problem }}
      {...(act === "revoke" ? { word: account.username } : {})}
    >
      {text}
    </ConfirmDialog>
  );
}
