import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Conflict } from "../../Conflict";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { LINES } from "../../lines";
import { FormFoot } from "../../FormFoot";
import { holderLinkQuery } from "../../holder";
import { useMessages } from "../../messages/MessagesProvider";
import { MoneyField } from "../../MoneyField";
import { useConflict } from "../../use-conflict";
import {
  bodyOf,
  LIMITS,
  linkFacts,
  type LinkValues,
  placeOf,
  takeOverLink,
  valuesOf,
} from "./link-form";
import classes from "./LinkForm.module.css";

type LinkBody = components["schemas"]["HolderLinkBody"];

/** At most this many forms, as the server takes them. */
const MAX_FORMS = 20;

export interface LinkFormProps {
  /** Names the person and the record, so that what was entered outlives a session. */
  readonly draftKey: string;
  readonly link: components["schemas"]["HolderLink"];
  /** With the version that the change is made from. */
  readonly onSave: (body: LinkBody, version: number) => Promise<void>;
  readonly onCancel: () => void;
}

/** Contract, renewals, and what the holder asks of the insured's cover. */
export function LinkForm({ draftKey, link, onSave, onCancel }: LinkFormProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const conflict = useConflict(link, ({ insured, holder }) =>
    cache.query({ ...holderLinkQuery(insured.id, holder.id), staleTime: 0 }),
  );
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [refused, setRefused] = useState(NO_FAULTS);
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const { draft, change, dirty } = useDraft<LinkValues>(`link ${draftKey}`, () => valuesOf(link));
  useFirstFault(element, busy);

  function set(part: Partial<LinkValues>) {
    change((last) => ({ ...last, ...part }));
  }

  function setForm(row: number, part: Partial<LinkValues["forms"][number]>) {
    set({ forms: draft.forms.map((form, each) => (each === row ? { ...form, ...part } : form)) });
  }

  async function save() {
    setBusy(true);
    setProblem(null);
    setRefused(NO_FAULTS);
    try {
      await onSave(bodyOf(draft), conflict.base.version);
    } catch (thrown) {
      const trouble = problemOf(thrown);
      const compared = await conflict.meet(trouble);
      const shares = shareFaults(trouble, (field) => placeOf(field, draft) !== null, t);
      setRefused({
        beside: Object.fromEntries(
          Object.entries(shares.beside).map(([field, words]) => [
            placeOf(field, draft) ?? field,
            words,
          ]),
        ),
        homeless: shares.homeless,
      });
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  const errors = refused.beside;
  return (
    <form
      ref={element}
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <DraftGuard dirty={dirty} />
      <Conflict
        conflict={conflict}
        valuesOf={valuesOf}
        facts={(values) => linkFacts(values, t)}
        mine={draft}
        takeOver={takeOverLink}
        onSettle={change}
      />
      {problem === null ? null : <ProblemAlert problem={problem} fields={refused.homeless} />}
      <Section title={t.links.contract}>
        <div className={classes.stack}>
          <TextInput
            label={t.links.contractReference}
            description={t.links.contractHint}
            value={draft.contract}
            onChange={(event) => set({ contract: event.currentTarget.value })}
            error={errors["contract"]}
            autoComplete="off"
          />
          <Checkbox
            label={t.links.receives}
            description={t.links.receivesHint}
            checked={draft.renewals}
            onChange={(event) => set({ renewals: event.currentTarget.checked })}
          />
        </div>
      </Section>
      <Section title={t.links.limits} note={t.links.limitsNote}>
        {LIMITS.map(({ line, limits }) => (
          <fieldset key={line} className={classes.group}>
            <legend>{t.lines.full[line]}</legend>
            <div className={classes.fields}>
              {limits.map((limit) => (
                <MoneyField
                  key={limit}
                  label={t.links.limitWords[limit]}
                  value={{ amount: draft.limits[limit] ?? "", currency: "USD" }}
                  onChange={(money) =>
                    set({ limits: { ...draft.limits, [limit]: money?.amount ?? "" } })
                  }
                  error={errors[limit]}
                  readOnly={false}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </Section>
      <Section title={t.links.endorsements}>
        <div className={classes.stack}>
          <fieldset className={classes.group}>
            <legend>{t.links.additionalInsured}</legend>
            <div className={classes.ticks}>
              <Checkbox
                label={t.links.ongoing}
                checked={draft.ongoing}
                onChange={(event) => set({ ongoing: event.currentTarget.checked })}
              />
              <Checkbox
                label={t.links.completed}
                checked={draft.completed}
                onChange={(event) => set({ completed: event.currentTarget.checked })}
              />
              <Checkbox
                label={t.links.primary}
                checked={draft.primary}
                onChange={(event) => set({ primary: event.currentTarget.checked })}
              />
            </div>
          </fieldset>
          <fieldset className={classes.group}>
            <legend>{t.links.waiver}</legend>
            <div className={classes.ticks}>
              {LINES.map((line) => (
                <Checkbox
                  key={line}
                  label={t.lines.full[line]}
                  checked={draft.waiver.includes(line)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked;
                    set({
                      waiver: LINES.filter((each) =>
                        each === line ? on : draft.waiver.includes(each),
                      ),
                    });
                  }}
                />
              ))}
            </div>
          </fieldset>
        </div>
      </Section>
      <Section title={t.links.forms} note={t.links.formsNote}>
        {draft.forms.map((form, row) => (
          // A row has no name of its own until something is typed into it.
          <div key={row} className={classes.row}>
            <TextInput
              label={t.links.formNumber}
              placeholder={t.links.formNumberHint}
              value={form.number}
              onChange={(event) => setForm(row, { number: event.currentTarget.value })}
              error={errors[`forms.${row}.number`]}
              autoComplete="off"
            />
            <TextInput
              label={t.links.edition}
              placeholder={t.links.editionHint}
              value={form.edition}
              onChange={(event) => setForm(row, { edition: event.currentTarget.value })}
              error={errors[`forms.${row}.edition`]}
              autoComplete="off"
            />
            <ActionIcon
              className={classes.remove ?? ""}
              size="lg"
              aria-label={t.links.removeForm(form.number)}
              onClick={() => {
                setRefused(NO_FAULTS);
                set({ forms: draft.forms.filter((_, each) => each !== row) });
              }}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
        {draft.forms.length >= MAX_FORMS ? null : (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set({ forms: [...draft.forms, { number: "", edition: "" }] })}
          >
            {t.links.addForm}
          </Button>
        )}
      </Section>
      <Section title={t.links.name}>
        <TextInput
          aria-label={t.links.name}
          description={t.links.nameHint}
          placeholder={link.holder.name}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={errors["name"]}
          autoComplete="off"
        />
      </Section>
      <FormFoot
        submitLabel={t.links.save}
        busy={busy}
        disabled={conflict.newest !== null}
        onCancel={onCancel}
      />
    </form>
  );
}
