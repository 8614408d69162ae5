import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Select } from "@mantine/core";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./SendCertificate.module.css";

type Master = components["schemas"]["Master"];

export interface MasterFieldProps {
  readonly masters: readonly Master[];
  readonly master: Master | undefined;
  readonly onChoose: (master: string | null) => void;
  readonly error: string | undefined;
  readonly autoFocus: boolean;
}

/** From which master certificate, and the policies that it puts on the page. */
export function MasterField({ masters, master, onChoose, error, autoFocus }: MasterFieldProps) {
  const t = useMessages();
  const format = useFormat();

  function hint(id: string): string {
    const each = masters.find((candidate) => candidate.id === id);
    if (each === undefined) return "";
    const lines = LINES.filter((line) => each.sections[line]).map((line) => t.lines.short[line]);
    const state = each.state === "current" ? "" : ` · ${t.masters.states[each.state]}`;
    return `${lines.join(" + ")}${state}`;
  }

  return (
    <>
      <Select
        aria-label={t.send.master}
        placeholder={t.send.masterHint}
        data={masters.map((each) => ({ value: each.id, label: each.name }))}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <span>{option.label}</span>
            <span className={classes.soft}>{hint(option.value)}</span>
          </span>
        )}
        value={master?.id ?? null}
        onChange={onChoose}
        error={error}
        searchable={masters.length > 8}
        selectFirstOptionOnChange
        openOnFocus={false}
        autoFocus={autoFocus}
      />
      {master === undefined ? null : (
        <ul className={classes.policies}>
          {master.policies.map((policy) => (
            <li key={policy.line}>
              <span>{t.lines.short[policy.line]}</span>
              <span>
                {policy.number} · {policy.carrier_name}
              </span>
              <span>{t.send.until(format.date(policy.expires_on))}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
