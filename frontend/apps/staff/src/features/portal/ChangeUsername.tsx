import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { Conflict } from "../../Conflict";
import { shareFaults } from "../../field-faults";
import { portalUserQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { useConflict } from "../../use-conflict";

export interface ChangeUsernameProps {
  readonly account: components["schemas"]["PortalUser"];
  readonly onClose: () => void;
  readonly focusBack?: RefObject<HTMLElement | null>;
}

export function ChangeUsername({ account, onClose, ...focus }: ChangeUsernameProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const conflict = useConflict(account, ({ insured_id }) =>
    cache.query({ ...portalUserQuery(insured_id), staleTime: 0 }),
  );
  const { base: seen, newest } = conflict;
  const [username, setUsername] = useState(seen.username);
  const [error, setError] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const wanted = username.trim();

  async function save() {
    if (wanted === "") {
      setError(t.portal.usernameMissing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    try {
      await client.PUT("/v1/insureds/{insured}/portal-user/username", {
        params: { path: { insured: account.insured_id }, header: ifMatch(seen.version) },
        body: { username: wanted },
      });
      await invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
      toastDone(t.portal.usernameChanged(wanted));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      if (await conflict.meet(trouble)) return;
      const { beside } = shareFaults(trouble, (field) => field === "username", t);
      if (trouble.slug === "username_taken") setError(trouble.detail);
      else if (beside["username"] === undefined) setProblem(trouble);
      else setError(beside["username"]);
    } finally {
      setBusy(false);
    }
  }

  return (
    <FormDialog
      {...focus}
      opened
      onClose={onClose}
      title={t.portal.changeUsername}
      submitLabel={t.portal.saveUsername}
      busy={busy}
      disabled={wanted === seen.username || newest !== null}
      dirty={wanted !== seen.username}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem }}
    >
      <Conflict
        conflict={conflict}
        valuesOf={(of) => of.username}
        facts={(of) => [{ unit: "username", label: t.portal.username, value: of.trim() }]}
        mine={username}
        takeOver={(mine, onFile, taken) => (taken.has("username") ? onFile : mine)}
        onSettle={setUsername}
      />
      <TextInput
        label={t.portal.username}
        description={t.portal.usernameAtOnce}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={error}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
    </FormDialog>
  );
}
