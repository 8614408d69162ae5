import { MAX_DESCRIPTION } from "@countersign/api/limits";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useFormat } from "@countersign/ui/UiProvider";
import { Input, Switch, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { Conflict } from "../../Conflict";
import { descriptionLength } from "../../description";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { masterQuery } from "../../insured";
import { LINES, type Line } from "../../lines";
import { FormFoot } from "../../FormFoot";
import { useMessages } from "../../messages/MessagesProvider";
import { TemplatePicker } from "../../TemplatePicker";
import { useConflict } from "../../use-conflict";
import { bodyOf, masterFacts, takeOverMaster } from "./master-facts";
import classes from "./MasterForm.module.css";
import { MasterSection } from "./MasterSection";

type Master = components["schemas"]["Master"];
type MasterBody = components["schemas"]["MasterBody"];
type MasterLine = components["schemas"]["MasterLine"];

export interface MasterFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly start: MasterBody;
  readonly insured: string;
  readonly policies: readonly components["schemas"]["Policy"][];
  readonly submitLabel: string;
  /** Why nothing can be changed; null when it can. */
  readonly readOnlyReason: string | null;
  /** What stands above the form, given whether something was entered that is not saved. */
  readonly notice?: (dirty: boolean) => ReactNode;
  /** The master that is changed; null for a new one. */
  readonly record: Master | null;
  /** With the version that the change is made from; 0 for a new one. */
  readonly onSave: (body: MasterBody, version: number) => Promise<void>;
  readonly onCancel: () => void;
}

const OWN = new Set([
  "name",
  "sections",
  "description",
  "authorized_representative",
  "valid_from",
  "valid_until",
]);

function isShown(field: string): boolean {
  return OWN.has(field) || LINES.some((line) => field.startsWith(`sections.${line}`));
}

/** Which policies a certificate is drawn from, which forms stand behind its marks, who may use it. */
export function MasterForm({
  draftKey,
  start,
  insured,
  policies,
  submitLabel,
  readOnlyReason,
  record,
  notice,
  onSave,
  onCancel,
}: MasterFormProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const element = useRef<HTMLFormElement>(null);
  const { draft: body, change: setBody, dirty } = useDraft(`master ${draftKey}`, () => start);
  const conflict = useConflict(record, ({ id }) =>
    cache.query({ ...masterQuery(id), staleTime: 0 }),
  );
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState(NO_FAULTS.homeless);
  const [busy, setBusy] = useState(false);
  const readOnly = readOnlyReason !== null;
  const length = descriptionLength(body.description ?? "");
  useFirstFault(element, busy);

  function change(part: Partial<MasterBody>) {
    setBody((last) => ({ ...last, ...part }));
    setErrors((last) => {
      const next = { ...last };
      for (const field of Object.keys(part)) Reflect.deleteProperty(next, field);
      return next;
    });
  }

  function choose(line: Line, section: MasterLine | null) {
    setBody((last) => ({ ...last, sections: { ...last.sections, [line]: section } }));
    setErrors((last) =>
      Object.fromEntries(
        Object.entries(last).filter(
          ([field]) => field !== "sections" && !field.startsWith(`sections.${line}`),
        ),
      ),
    );
  }

  async function save() {
    const missing = {
      ...(body.name.trim() === "" ? { name: t.masters.nameMissing } : {}),
      ...(LINES.some((line) => body.sections[line]) ? {} : { sections: t.masters.noSection }),
    };
    if (Object.keys(missing).length > 0 || length > MAX_DESCRIPTION) {
      setErrors(missing);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await onSave({ ...body, name: body.name.trim() }, conflict.base?.version ?? 0);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, isShown, t);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  // A dialog of the notice has a form of its own, whose submission must not reach this one.
  return (
    <>
      {notice?.(dirty)}
      <form
        ref={element}
        noValidate
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <DraftGuard dirty={dirty} />
        <Conflict
          conflict={conflict}
          valuesOf={bodyOf}
          facts={(values) => masterFacts(values, policies, t, format)}
          mine={body}
          takeOver={takeOverMaster}
          onSettle={setBody}
        />
        {problem === null ? null : <ProblemAlert problem={problem} fields={homeless} />}
        {readOnlyReason === null ? null : <p className={classes.note}>{readOnlyReason}</p>}
        <Section title={t.masters.what}>
          <TextInput
            label={t.masters.name}
            description={t.masters.nameHint}
            withAsterisk
            value={body.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={errors["name"]}
            readOnly={readOnly}
            autoComplete="off"
          />
        </Section>
        <Section title={t.masters.policies} note={t.masters.policiesNote}>
          <div className={classes.sections} role="group" aria-label={t.masters.policies}>
            {errors["sections"] === undefined ? null : (
              <Input.Error role="alert" className={classes.fault ?? ""}>
                {errors["sections"]}
              </Input.Error>
            )}
            {LINES.map((line) => (
              <MasterSection
                key={line}
                line={line}
                policies={policies.filter((policy) => policy.line === line)}
                value={body.sections[line] ?? null}
                onChange={(section) => choose(line, section)}
                errors={errors}
                readOnly={readOnly}
              />
            ))}
          </div>
        </Section>
        <Section title={t.masters.text}>
          <Textarea
            label={t.masters.description}
            description={t.masters.descriptionHint}
            value={body.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
            error={
              length > MAX_DESCRIPTION
                ? t.descriptionTooLong(length, MAX_DESCRIPTION)
                : errors["description"]
            }
            autosize
            minRows={3}
            maxRows={14}
            readOnly={readOnly}
          />
          {readOnly ? null : (
            <div className={classes.template}>
              <TemplatePicker
                kind="description"
                insured={insured}
                policies={LINES.flatMap((line) => body.sections[line]?.policy_id ?? [])}
                forMaster
                onPick={({ body: text }) => {
                  const before = (body.description ?? "").trimEnd();
                  change({ description: before === "" ? text : `${before}\n${text}` });
                }}
              />
            </div>
          )}
          <TextInput
            mt="sm"
            label={t.masters.representative}
            description={t.masters.representativeHint}
            value={body.authorized_representative}
            onChange={(event) => change({ authorized_representative: event.currentTarget.value })}
            error={errors["authorized_representative"]}
            readOnly={readOnly}
            autoComplete="off"
          />
        </Section>
        <Section title={t.masters.use}>
          <div className={classes.switches}>
            <Switch
              label={t.masters.portalUsable}
              description={t.masters.portalUsableHint}
              checked={body.portal_usable}
              onChange={(event) => change({ portal_usable: event.currentTarget.checked })}
              disabled={readOnly}
            />
            <Switch
              label={t.masters.includeInRenewals}
              description={t.masters.includeInRenewalsHint}
              checked={body.include_in_renewals}
              onChange={(event) => change({ include_in_renewals: event.currentTarget.checked })}
              disabled={readOnly}
            />
          </div>
          <fieldset className={classes.dates} disabled={readOnly}>
            <DateField
              label={t.masters.validFrom}
              value={body.valid_from ?? null}
              onChange={(valid_from) => change({ valid_from })}
              error={errors["valid_from"]}
            />
            <DateField
              label={t.masters.validUntil}
              value={body.valid_until ?? null}
              onChange={(valid_until) => change({ valid_until })}
              error={errors["valid_until"]}
            />
          </fieldset>
        </Section>
        <FormFoot
          submitLabel={submitLabel}
          busy={busy}
          readOnly={readOnly}
          disabled={conflict.newest !== null}
          onCancel={onCancel}
        />
      </form>
    </>
  );
}
