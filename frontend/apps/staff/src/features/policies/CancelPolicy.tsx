import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Conflict } from "../../Conflict";
import { takeOver } from "../../conflict-rows";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { policyQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { useConflict } from "../../use-conflict";
import {
  type Cancellation,
  CANCELLATION_PARTS,
  cancellationFacts,
  cancellationOf,
} from "./cancellation";
import { mayBeTold } from "./may-be-told";
import { refreshPolicy } from "./refresh-policy";

export interface CancelPolicyProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly onClose: () => void;
  /** It is cancelled, and somebody relies on it who may be told. */
  readonly onRelied: () => void;
}

/** Cancels a policy as of a day, with the reason; a cancellation on file is corrected so. */
export function CancelPolicy({ record, onClose, onRelied }: CancelPolicyProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const { policy } = record;
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...policyQuery(id), staleTime: 0 }),
  );
  const corrects = cancellationOf(record).day !== null;
  const [start] = useState(() => {
    const onFile = cancellationOf(record);
    return { ...onFile, day: onFile.day ?? format.today() };
  });
  const [values, setValues] = useState<Cancellation>(start);
  const { day, reason } = values;
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);

  function set(part: Partial<Cancellation>) {
    setValues((last) => ({ ...last, ...part }));
    setErrors({});
  }

  async function cancel() {
    if (day === null || reason.trim() === "") {
      setErrors({
        ...(day === null ? { effective_on: t.policies.cancelDayMissing } : {}),
        ...(reason.trim() === "" ? { reason: t.policies.cancelReasonMissing } : {}),
      });
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await client.PUT("/v1/policies/{policy}/cancellation", {
        params: { path: { policy: record.id }, header: ifMatch(conflict.base.version) },
        body: { effective_on: day, reason: reason.trim() },
      });
      await refreshPolicy(cache, record);
      const relied = await reliedOn();
      onClose();
      // The notice's own title says that it is cancelled; on a phone a toast would lie over its buttons.
      if (relied) onRelied();
      else toastDone(t.policies.cancelled(policy.number, format.date(day)));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, () => true, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  /** Whether there is anybody to tell; where that cannot be asked now, the policy's page offers it later. */
  async function reliedOn(): Promise<boolean> {
    const params = { path: { policy: record.id } };
    try {
      const { data } = await client.GET("/v1/policies/{policy}", { params });
      if (data?.may.includes("send_notices") !== true) return false;
      const holders = await client.GET("/v1/policies/{policy}/holders", {
        params: { ...params, query: { limit: 200 } },
      });
      return holders.data?.data.some(mayBeTold) ?? false;
    } catch {
      return false;
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={(corrects ? t.policies.correctOf : t.policies.cancelOf)(policy.number)}
      submitLabel={corrects ? t.policies.saveCancellation : t.policies.cancelPolicy}
      leaveLabel={corrects ? t.policies.leaveCancellation : t.policies.keepPolicy}
      danger={!corrects}
      busy={busy}
      disabled={conflict.newest !== null}
      dirty={day !== start.day || reason !== start.reason}
      onSubmit={(event) => {
        event.preventDefault();
        void cancel();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      <Conflict
        conflict={conflict}
        valuesOf={cancellationOf}
        facts={(of) => cancellationFacts(of, t, format)}
        mine={values}
        takeOver={(mine, onFile, taken) => takeOver(CANCELLATION_PARTS, mine, onFile, taken)}
        onSettle={setValues}
      />
      <p style={{ margin: 0 }}>{corrects ? t.policies.correctText : t.policies.cancelText}</p>
      <DateField
        label={t.policies.cancelDay}
        description={t.policies.cancelDayHint(
          format.date(policy.effective_on),
          format.date(policy.expires_on),
        )}
        value={day}
        onChange={(next) => {
          set({ day: next });
        }}
        error={errors["effective_on"]}
        required
      />
      <Textarea
        label={t.policies.cancelReason}
        withAsterisk
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => {
          set({ reason: event.currentTarget.value });
        }}
        error={errors["reason"]}
      />
    </FormDialog>
  );
}
