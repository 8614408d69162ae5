import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { wordsOf } from "./field-faults";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./TemplatePicker.module.css";

type Filled = components["schemas"]["FilledTemplate"];

/** What a template is filled with. */
export interface TemplateUse {
  readonly insured: string;
  readonly policies: readonly string[];
  readonly holder?: string;
  /** The contract or project, where it is known; a person may write another one. */
  readonly reference?: string;
}

export interface TemplatePickerProps extends TemplateUse {
  readonly kind: components["schemas"]["TemplateKindWord"];
  /** For a master certificate: what sending fills by itself stays open. */
  readonly forMaster?: boolean;
  readonly onPick: (filled: Filled) => void;
}

/** Picks a template, asks for what only a person knows, and shows the filled text before it is inserted. */
export function TemplatePicker(props: TemplatePickerProps) {
  const t = useMessages();
  const [opened, setOpened] = useState(false);
  if (!opened) {
    return (
      <div>
        <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
          {t.templates.use}
        </Button>
      </div>
    );
  }
  return <Opened {...props} onClose={() => setOpened(false)} />;
}

function Opened({
  insured,
  policies,
  holder = "",
  reference: known = "",
  kind,
  forMaster = false,
  onPick,
  onClose,
}: TemplatePickerProps & { readonly onClose: () => void }) {
  const t = useMessages();
  const [chosen, setChosen] = useState<string | null>(null);
  const [reference, setReference] = useState(known);
  const [tried, setTried] = useState(false);
  /** What was to be inserted before it was filled. */
  const [pressed, setPressed] = useState<string | null>(null);
  const list = api.useQuery("get", "/v1/templates", { params: { query: { kind } } });
  const template = list.data?.data.find((each) => each.id === chosen);
  const asksReference = template?.placeholders.includes("reference") ?? false;
  // Nothing is asked for while it is known that something is missing.
  const referenceMissing = asksReference && reference.trim() === "";
  const body = {
    policies: [...policies],
    holder: holder.trim() === "" ? null : holder.trim(),
    reference: reference.trim() === "" ? null : reference.trim(),
    for_master: forMaster,
  };
  const [asked] = useDebouncedValue(JSON.stringify(body), 250);
  const waiting = asked !== JSON.stringify(body);
  const fill = useQuery({
    queryKey: ["filled template", insured, template?.id, template?.version, asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST("/v1/insureds/{insured}/templates/{template}/fill", {
        params: { path: { insured, template: template?.id ?? "" } },
        body,
        signal,
      });
      if (data === undefined) throw new Error("the server filled a template without an answer");
      return data;
    },
    enabled: template !== undefined && !waiting && !referenceMissing,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const problem = fill.error === null ? null : problemOf(fill.error);
  const filled =
    problem === null && template !== undefined && !referenceMissing ? fill.data : undefined;
  const faults = problem?.fields ?? [];
  const trouble = list.error ?? (problem !== null && faults.length === 0 ? problem : null);

  const settled = !waiting && !fill.isFetching && !fill.isPlaceholderData;
  const ready = settled ? filled : undefined;
  const question = `${template?.id} ${JSON.stringify(body)}`;
  const wanted = pressed === question && problem === null && !referenceMissing;

  const insertReady = useEffectEvent((text: Filled) => {
    onPick(text);
    onClose();
  });
  useEffect(() => {
    if (wanted && ready !== undefined) insertReady(ready);
  }, [wanted, ready]);

  function insert() {
    setTried(true);
    setPressed(question);
  }

  return (
    <div className={classes.picker} role="group" aria-label={t.templates.use}>
      <Select
        label={t.templates.choose}
        placeholder={t.templates.chooseHint}
        data={(list.data?.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
        value={chosen}
        onChange={(id) => {
          setChosen(id);
          setTried(false);
        }}
        nothingFoundMessage={t.templates.noneToUse}
        onKeyDown={(event) => {
          // While the list is on its way, or names nothing, Enter would send the form around it.
          if (event.key === "Enter") event.preventDefault();
        }}
        searchable
        autoFocus
      />
      {asksReference ? (
        <TextInput
          label={t.templates.reference}
          placeholder={t.templates.referenceHint}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter is for the picker, not for the form around it.
            if (event.key !== "Enter") return;
            event.preventDefault();
            insert();
          }}
          error={tried && referenceMissing ? t.templates.referenceMissing : null}
          autoComplete="off"
        />
      ) : null}
      {faults.map((fault) => (
        <p key={fault.pointer + fault.detail} className={classes.fault} role="alert">
          {wordsOf(fault, t)}
        </p>
      ))}
      {trouble === null ? null : (
        <p className={classes.fault} role="alert">
          {problemOf(trouble).title}
        </p>
      )}
      {filled === undefined ? null : (
        <>
          <div className={classes.text}>
            {filled.subject ? <strong>{filled.subject}</strong> : null}
            <p>{filled.body}</p>
          </div>
          {filled.missing_forms.length === 0 ? null : (
            <div className={classes.missing} role="status">
              <IconAlertTriangle size={16} aria-hidden />
              <div>
                <strong>{t.templates.missing}</strong>
                <ul>
                  {filled.missing_forms.map(({ form, other_editions: editions }) => (
                    <li key={form}>
                      {editions.length === 0
                        ? t.templates.missingForm(form)
                        : t.templates.missingEdition(form, editions.join(", "))}
                    </li>
                  ))}
                </ul>
              </div>
            </div>
          )}
        </>
      )}
      <div className={classes.foot}>
        <Button
          size="xs"
          onClick={insert}
          disabled={template === undefined}
          loading={wanted && !settled}
        >
          {t.templates.insert}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {t.templates.close}
        </Button>
      </div>
    </div>
  );
}
