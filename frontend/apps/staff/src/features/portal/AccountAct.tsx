import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { Messages } from "../../messages/en";
import { useMessages } from "../../messages/MessagesProvider";

type PortalUser = components["schemas"]["PortalUser"];

/** What staff do to an account with one confirmation. */
export type Act = "suspend" | "resume" | "revoke" | "invite" | "password-link";

function call(act: Act, insured: string, intent: Intent) {
  // Some of these mail something, which must happen once.
  const once = {
    params: { path: { insured } },
    headers: { "Idempotency-Key": intent.key([act, insured]) },
  };
  switch (act) {
    case "suspend":
      return client.POST("/v1/insureds/{insured}/portal-user/suspend", once);
    case "resume":
      return client.POST("/v1/insureds/{insured}/portal-user/resume", once);
    case "revoke":
      return client.POST("/v1/insureds/{insured}/portal-user/revoke", once);
    case "invite":
      return client.POST("/v1/insureds/{insured}/portal-user/invite", once);
    case "password-link":
      return client.POST("/v1/insureds/{insured}/portal-user/password-link", once);
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
  readonly focusBack?: RefObject<HTMLElement | null>;
}

/** Asks, acts, says what was done; a suspension can be taken back from the toast. */
export function AccountAct({ account, act, onClose, focusBack }: AccountActProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  useFocusBack(true, focusBack);
  const { title, text, confirm, done } = words(act, account, t);

  function refresh() {
    void invalidate(cache, "/v1/insureds");
    return invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
  }

  async function undo() {
    try {
      await call("resume", account.insured_id, new Intent());
      await refresh();
      toastDone(words("resume", account, t).done);
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    }
  }

  async function run() {
    setBusy(true);
    setProblem(null);
    try {
      await call(act, account.insured_id, intent);
      intent.settle();
      await refresh();
      toastDone(done, act === "suspend" ? { label: t.undo, onUndo: () => void undo() } : undefined);
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
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
