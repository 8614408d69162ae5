import { client, ifMatch } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { ActionIcon, Button, Menu, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Conflict } from "../../Conflict";
import { takeOver } from "../../conflict-rows";
import { NO_FAULTS, shareFaults } from "../../field-faults";
import { useMessages } from "../../messages/MessagesProvider";
import { oneOf } from "../../search-params";
import { useConflict } from "../../use-conflict";
import {
  bodyOf,
  emptyTemplate,
  PARTS,
  templateFacts,
  type TemplateValues,
  valuesOf,
} from "./template-values";
import classes from "./TemplateDialog.module.css";

type Template = components["schemas"]["Template"];
type Kind = components["schemas"]["TemplateKindWord"];
type Placeholder = components["schemas"]["PlaceholderWord"];

const KINDS = ["description", "message"] as const satisfies readonly Kind[];

const PLACEHOLDERS = [
  "holder",
  "insured",
  "reference",
  "date",
  "general_liability_policy",
  "commercial_auto_policy",
  "umbrella_excess_policy",
  "workers_compensation_policy",
  "other_policy",
] as const satisfies readonly Placeholder[];

export interface TemplateDialogProps {
  /** The template to change; null to write one. */
  readonly template: Template | null;
  /** What a new one is for, to begin with. */
  readonly kind?: Kind;
  readonly onClose: () => void;
}

function isShown(field: string): boolean {
  return ["name", "subject", "body", "forms"].includes(field) || field.startsWith("forms.");
}

/** Writes a template or changes one; what it is for never changes. */
export function TemplateDialog({ template, kind = "description", onClose }: TemplateDialogProps) {
  const t = useMessages();
  const m = t.templates;
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const conflict = useConflict(template, ({ id }) => {
    const params = { path: { template: id } };
    const query = api.queryOptions("get", "/v1/templates/{template}", { params });
    return cache.query({ ...query, staleTime: 0 });
  });
  const { base } = conflict;
  const start = base === null ? emptyTemplate(kind) : valuesOf(base);
  const [values, setValues] = useState(start);
  const [{ beside: errors, homeless }, setFaults] = useState(NO_FAULTS);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const message = values.kind === "message";

  function set(part: Partial<TemplateValues>) {
    setValues((last) => ({ ...last, ...part }));
    setFaults(NO_FAULTS);
  }

  function setForm(place: number, part: Partial<TemplateValues["forms"][number]>) {
    set({
      forms: values.forms.map((form, index) => (index === place ? { ...form, ...part } : form)),
    });
  }

  function insert(placeholder: Placeholder) {
    const field = text.current;
    const [from, until] = [
      field?.selectionStart ?? values.body.length,
      field?.selectionEnd ?? values.body.length,
    ];
    set({
      body: `${values.body.slice(0, from)}{{${placeholder}}}${values.body.slice(until)}`,
    });
    field?.focus();
  }

  async function save() {
    const missing = {
      ...(values.name.trim() === "" ? { name: m.nameMissing } : {}),
      ...(values.body.trim() === "" ? { body: m.textMissing } : {}),
    };
    if (Object.keys(missing).length > 0) {
      setFaults({ beside: missing, homeless: [] });
      return;
    }
    setBusy(true);
    setProblem(null);
    const body = bodyOf(values);
    try {
      if (base === null) {
        const created = { kind: values.kind, ...body };
        await client.POST("/v1/templates", {
          headers: { "Idempotency-Key": intent.key(created) },
          body: created,
        });
        intent.settle();
      } else {
        await client.PUT("/v1/templates/{template}", {
          params: { path: { template: base.id }, header: ifMatch(base.version) },
          body,
        });
      }
      void invalidate(cache, "/v1/templates");
      toastDone(m.saved(body.name));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const compared = await conflict.meet(trouble);
      setFaults(shareFaults(trouble, isShown, t));
      setProblem(compared ? null : trouble);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={template === null ? m.add : m.editOf(template.name)}
      submitLabel={template === null ? m.create : m.save}
      size="lg"
      busy={busy}
      disabled={conflict.newest !== null}
      dirty={JSON.stringify(values) !== JSON.stringify(start)}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      <Conflict
        conflict={conflict}
        valuesOf={valuesOf}
        facts={(of) => templateFacts(of, t)}
        mine={values}
        takeOver={(mine, onFile, taken) => takeOver(PARTS, mine, onFile, taken)}
        onSettle={setValues}
      />
      {template === null ? (
        <SegmentedControl
          aria-label={m.kind}
          data={KINDS.map((each) => ({ value: each, label: m.kinds[each] }))}
          value={values.kind}
          onChange={(chosen) => set({ kind: oneOf(KINDS, chosen) ?? values.kind })}
        />
      ) : null}
      <TextInput
        label={m.name}
        description={m.nameHint}
        withAsterisk
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={errors["name"]}
        autoComplete="off"
        data-autofocus
      />
      {message ? (
        <TextInput
          label={m.subject}
          description={m.subjectHint}
          value={values.subject}
          onChange={(event) => set({ subject: event.currentTarget.value })}
          error={errors["subject"]}
          autoComplete="off"
        />
      ) : null}
      <div className={classes.text}>
        <Textarea
          ref={text}
          label={m.body[values.kind]}
          withAsterisk
          value={values.body}
          onChange={(event) => set({ body: event.currentTarget.value })}
          error={errors["body"]}
          autosize
          minRows={4}
          maxRows={14}
        />
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              size="compact-sm"
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              {m.insertPlaceholder}
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.menu ?? ""}>
            {PLACEHOLDERS.map((placeholder) => (
              <Menu.Item key={placeholder} onClick={() => insert(placeholder)}>
                {m.placeholders[placeholder]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {message ? null : (
        <fieldset className={classes.forms}>
          <legend>{m.forms}</legend>
          <p className={classes.hint}>{m.formsHint}</p>
          {errors["forms"] === undefined ? null : (
            <p className={classes.fault} role="alert">
              {errors["forms"]}
            </p>
          )}
          {values.forms.map((form, place) => (
            // Rows have no name of their own.
            <div key={place} className={classes.form}>
              <TextInput
                aria-label={m.formNumber(place + 1)}
                placeholder={m.formNumberHint}
                value={form.number}
                onChange={(event) => setForm(place, { number: event.currentTarget.value })}
                error={errors[`forms.${place}.number`]}
                autoComplete="off"
              />
              <TextInput
                aria-label={m.formEdition(place + 1)}
                placeholder={m.formEditionHint}
                value={form.edition}
                onChange={(event) => setForm(place, { edition: event.currentTarget.value })}
                error={errors[`forms.${place}.edition`]}
                autoComplete="off"
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={m.removeForm(form.number || m.formNumber(place + 1))}
                onClick={() => set({ forms: values.forms.filter((_, index) => index !== place) })}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => set({ forms: [...values.forms, { number: "", edition: "" }] })}
            >
              {m.addForm}
            </Button>
          </div>
        </fieldset>
      )}
    </FormDialog>
  );
}
