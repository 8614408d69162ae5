import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { StaleFix } from "../../StaleFix";

export interface ChangeUsernameProps {
  readonly account: components["schemas"]["PortalUser"];
  readonly onClose: () => void;
  readonly focusBack?: RefObject<HTMLElement | null>;
}

export function ChangeUsername({ account, onClose, ...focus }: ChangeUsernameProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [seen] = useState(account);
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
        params: { path: { insured: account.insured_id } },
        headers: ifMatch(seen.version),
        body: { username: wanted },
      });
      await invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
      toastDone(t.portal.usernameChanged(wanted));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const { beside } = shareFaults(trouble, (field) => field === "username", t);
      if (trouble.slug === "username_taken") setError(trouble.detail);
      else if (beside["username"] === undefined) setProblem(trouble);
      else setError(beside["username"]);
    } finally {
      setBusy(false);
    }
  }

  async function reload() {
    await invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
    onClose();
  }

  return (
    <FormDialog
      {...focus}
      opened
      onClose={onClose}
      title={t.portal.changeUsername}
      submitLabel={t.portal.saveUsername}
      busy={busy}
      disabled={wanted === seen.username}
      dirty={wanted !== seen.username}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={
        problem === null
          ? null
          : {
              problem,
              fix:
                problem.slug === "stale_version" ? (
                  <StaleFix onReload={() => void reload()} />
                ) : null,
            }
      }
    >
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
