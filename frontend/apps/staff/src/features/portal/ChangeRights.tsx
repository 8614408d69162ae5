import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone } from "@countersign/ui/toast";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { StaleFix } from "../../StaleFix";
import { RightsField } from "./RightsField";

export interface ChangeRightsProps {
  readonly account: components["schemas"]["PortalUser"];
  readonly onClose: () => void;
  readonly focusBack?: RefObject<HTMLElement | null>;
}

export function ChangeRights({ account, onClose, ...focus }: ChangeRightsProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const catalogue = api.useQuery("get", "/v1/portal-rights", undefined, { staleTime: 3_600_000 });
  // The boxes show this version, so the change must be to this version, whatever comes meanwhile.
  const [seen] = useState(account);
  const [rights, setRights] = useState(seen.rights);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const dirty =
    rights.length !== seen.rights.length || rights.some((right) => !seen.rights.includes(right));

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await client.PUT("/v1/insureds/{insured}/portal-user/rights", {
        params: { path: { insured: account.insured_id } },
        headers: ifMatch(seen.version),
        body: { rights: [...rights] },
      });
      await invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
      toastDone(t.portal.rightsChanged);
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
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
      title={t.portal.changeRights}
      submitLabel={t.portal.saveRights}
      size="lg"
      busy={busy}
      dirty={dirty}
      disabled={!dirty}
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
      <Text component="p" m={0}>
        {t.portal.rightsAtOnce}
      </Text>
      {catalogue.error === null ? null : (
        <ProblemAlert
          problem={problemOf(catalogue.error)}
          onRetry={() => void catalogue.refetch()}
        />
      )}
      {catalogue.error !== null && catalogue.data === undefined ? null : (
        <RightsField catalogue={catalogue.data?.data} value={rights} onChange={setRights} />
      )}
    </FormDialog>
  );
}
