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
import { Conflict } from "../../Conflict";
import { portalUserQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { useConflict } from "../../use-conflict";
import { rightFacts, takeOverRights } from "./account-facts";
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
  const conflict = useConflict(account, ({ insured_id }) =>
    cache.query({ ...portalUserQuery(insured_id), staleTime: 0 }),
  );
  const { base: seen, newest } = conflict;
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
        params: { path: { insured: account.insured_id }, header: ifMatch(seen.version) },
        body: { rights: [...rights] },
      });
      await invalidate(cache, "/v1/insureds/{insured}", { insured: account.insured_id });
      toastDone(t.portal.rightsChanged);
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      if (!(await conflict.meet(trouble))) setProblem(trouble);
    } finally {
      setBusy(false);
    }
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
      disabled={!dirty || newest !== null}
      caution={rights.length === 0 ? t.portal.noRights : null}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem }}
    >
      <Conflict
        conflict={conflict}
        valuesOf={(of) => of.rights}
        facts={(of) => rightFacts(of, catalogue.data?.data ?? [], t)}
        mine={rights}
        takeOver={takeOverRights}
        onSettle={setRights}
      />
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
