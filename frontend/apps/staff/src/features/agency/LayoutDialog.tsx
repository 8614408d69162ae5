import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { STATES } from "@countersign/api/states";
import { DateField } from "@countersign/ui/DateField";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { nameOf, type StateRow } from "./state-rows";

type Standing = components["schemas"]["LayoutStandingWord"];

export interface LayoutDialogProps {
  /** The state; none when it is to be chosen among those that are not listed. */
  readonly row: StateRow | null;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}

/** States what the agency has found out about its own layout in a state, or takes that back. */
export function LayoutDialog({ row, taken, onClose, onDone }: LayoutDialogProps) {
  const t = useMessages();
  const r = t.stateRules;
  const format = useFormat();
  const insists = row?.rule?.rule === "filed_form" && row.rule.severity === "block";
  const [start] = useState(() => ({
    state: row?.state ?? null,
    standing: row?.layout?.standing ?? (insists ? ("filed" as const) : null),
    reference: row?.layout?.reference ?? "",
    day: row?.layout?.checked_on ?? format.today(),
  }));
  const [state, setState] = useState<string | null>(start.state);
  const [standing, setStanding] = useState<Standing | null>(start.standing);
  const [reference, setReference] = useState(start.reference);
  const [day, setDay] = useState<string | null>(start.day);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);

  async function carryOut(act: () => Promise<unknown>, done: string) {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      await onDone();
      toastDone(done);
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const shares = shareFaults(trouble, () => true, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(trouble);
      setBusy(false);
    }
  }

  async function save() {
    const missing = {
      ...(state === null ? { state: r.stateMissing } : {}),
      ...(standing === null ? { standing: r.standingMissing } : {}),
      ...(reference.trim() === "" ? { reference: r.referenceMissing } : {}),
      ...(day === null ? { checked_on: r.dayMissing } : {}),
    };
    setErrors(missing);
    if (state === null || standing === null || reference.trim() === "" || day === null) return;
    await carryOut(
      () =>
        client.PUT("/v1/state-rules/{state}/layout", {
          params: { path: { state } },
          body: { standing, reference: reference.trim(), checked_on: day },
        }),
      r.saved(nameOf(state)),
    );
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={row === null ? r.stateOther : r.stateFor(nameOf(row.state))}
      submitLabel={r.save}
      busy={busy}
      dirty={
        state !== start.state ||
        standing !== start.standing ||
        reference !== start.reference ||
        day !== start.day
      }
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      <p style={{ margin: 0 }}>{insists ? r.insists : r.dialogText}</p>
      {row === null ? (
        <Select
          label={r.state}
          withAsterisk
          searchable
          data={STATES.filter(([code]) => !taken.includes(code)).map(([value, label]) => ({
            value,
            label,
          }))}
          value={state}
          onChange={setState}
          error={errors["state"]}
        />
      ) : null}
      <Radio.Group
        label={r.standing}
        withAsterisk
        value={standing}
        onChange={setStanding}
        error={errors["standing"]}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="filed" label={r.standings.filed} />
          <Radio value="not_required" label={r.standings.not_required} disabled={insists} />
        </Stack>
      </Radio.Group>
      <TextInput
        label={r.reference}
        description={r.referenceHint}
        withAsterisk
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        error={errors["reference"]}
      />
      <DateField
        label={r.day}
        value={day}
        onChange={setDay}
        error={errors["checked_on"]}
        required
      />
      {row?.layout === undefined ? null : (
        <Button
          variant="subtle"
          color="red"
          disabled={busy}
          style={{ alignSelf: "flex-start" }}
          onClick={() =>
            void carryOut(
              () =>
                client.DELETE("/v1/state-rules/{state}/layout", {
                  params: { path: { state: row.state } },
                }),
              r.takenBack(nameOf(row.state)),
            )
          }
        >
          {r.takeBack}
        </Button>
      )}
    </FormDialog>
  );
}
