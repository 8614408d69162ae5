import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { policiesQuery } from "../../insured";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { standingOf } from "../../master-standing";
import { coverEnd } from "./cover-end";
import classes from "./SendCertificate.module.css";

type Master = components["schemas"]["Master"];

export interface MasterFieldProps {
  readonly masters: readonly Master[];
  readonly master: Master | undefined;
  readonly onChoose: (master: string | null) => void;
  readonly error: string | undefined;
  readonly autoFocus: boolean;
  /** The field itself, for what leads to it. */
  readonly field?: RefObject<HTMLInputElement | null>;
}

/** From which master certificate, and the policies that it puts on the page. */
export function MasterField({
  masters,
  master,
  onChoose,
  error,
  autoFocus,
  field,
}: MasterFieldProps) {
  const t = useMessages();
  const format = useFormat();

  // A master tells the terms of its policies; that one is to be cancelled stands with the policy.
  const policies = useQuery({
    ...policiesQuery(master?.insured_id ?? ""),
    enabled: master !== undefined,
  });

  function end(policy: Master["policies"][number]): string {
    const { on, cancelled } = coverEnd(policy, policies.data?.data ?? []);
    return cancelled ? t.send.untilCancelled(format.date(on)) : t.send.until(format.date(on));
  }

  function hint(id: string): string {
    const each = masters.find((candidate) => candidate.id === id);
    if (each === undefined) return "";
    const lines = LINES.filter((line) => each.sections[line]).map((line) => t.lines.short[line]);
    const standing = standingOf(each);
    const state = standing === "current" ? "" : ` · ${t.masters.states[standing]}`;
    return `${lines.join(" + ")}${state}`;
  }

  return (
    <>
      <Select
        {...(field === undefined ? {} : { ref: field })}
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
              <span>{end(policy)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
