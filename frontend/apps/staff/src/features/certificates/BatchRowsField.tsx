import { EmailsField } from "@countersign/ui/EmailsField";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { ActionIcon, Button, Checkbox } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { fateOf, isSetAside, type RowFate, type RowMail, type RowState } from "./batch-row";
import classes from "./BatchRowsField.module.css";
import { Concerns } from "../../Concerns";
import { shareFindings } from "./findings";
import { Findings } from "./Findings";
import { useRecipientCheck } from "../../use-recipient-check";

const TONES: Record<RowFate, Tone> = {
  checking: "pending",
  aside: "bad",
  out: "quiet",
  no_recipient: "bad",
  too_heavy: "bad",
  ready: "good",
};

export interface BatchRowsFieldProps {
  readonly label: string;
  readonly rows: readonly RowState[];
  /** A row without findings waits for them; where it does not, nothing is looking at it. */
  readonly checking?: boolean;
  readonly onTick: (holder: string, on: boolean) => void;
  readonly onMail: (holder: string, mail: RowMail) => void;
  /** Takes a row off the list, where the list is the person's own. */
  readonly onRemove?: (holder: string) => void;
  /** What is added to the quiet line under the name. */
  readonly note?: (holder: string) => string | null;
  /** What stands below a row before its findings. */
  readonly detail?: (holder: string) => ReactNode;
  /** Why the files of a row do not fit into its mail, and what helps. */
  readonly tooHeavy?: (holder: string) => ReactNode;
}

/** Every row of a sending: whether it goes, to whom, and what the gate found about it. */
export function BatchRowsField({
  label,
  rows,
  checking = true,
  onTick,
  onMail,
  onRemove,
  note,
  detail,
  tooHeavy,
}: BatchRowsFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const [editing, setEditing] = useState<string | null>(null);
  const unfinished = useUnfinished();

  /** Opens the addresses of a row, or of none, unless those that are open hold a text that is no address. */
  function edit(row: string | null) {
    if (!unfinished.any) setEditing(row);
  }

  // A row that is being checked has no findings yet, and says nothing about what the others share.
  const checked = rows.filter((row) => row.sendable !== null);
  const { shared, some, own } = shareFindings(checked.map((row) => row.findings));
  const findings = new Map(checked.map((row, place) => [row.id, own[place] ?? []]));

  function warningsOf(row: RowState): number {
    const found = [...(findings.get(row.id) ?? []), ...(isLookedAt(row) ? row.concerns : [])];
    return found.filter(({ severity }) => severity === "warn").length;
  }

  function fateWords(row: RowState, fate: RowFate): ReactNode {
    const warnings = warningsOf(row);
    if (fate === "checking") return checking ? t.batches.checking : t.batches.unchecked;
    if (isSetAside(fate)) return t.batches.blocked;
    if (fate === "out") return t.batches.leftOut;
    return warnings > 0 ? t.batches.warned(warnings) : t.batches.ready;
  }

  return (
    <>
      {shared.length === 0 ? null : (
        <section className={classes.shared} aria-label={t.batches.shared}>
          <h3>{t.batches.shared}</h3>
          <Findings findings={shared} />
        </section>
      )}
      {some.length === 0 ? null : (
        <section className={classes.shared} aria-label={t.batches.some}>
          <h3>{t.batches.some}</h3>
          <Findings findings={some} />
        </section>
      )}
      <ul className={classes.list} aria-label={label}>
        {rows.map((row) => {
          const fate = fateOf(row);
          const said = note?.(row.id) ?? null;
          const warned = fate === "ready" && warningsOf(row) > 0;
          return (
            <li key={row.id} className={classes.row} data-fate={fate}>
              <Checkbox
                className={classes.tick ?? ""}
                aria-label={t.batches.sendTo(row.name)}
                checked={!row.out && !isSetAside(fate)}
                disabled={isSetAside(fate)}
                onChange={(event) => onTick(row.id, event.currentTarget.checked)}
              />
              <div>
                <span className={classes.name}>{row.name}</span>
                <span className={classes.soft}>
                  {row.place}
                  {said ? ` · ${said}` : ""}
                </span>
              </div>
              <div className={classes.mail}>
                {editing === row.id ? (
                  <div className={classes.editor}>
                    <EmailsField
                      label={t.certificates.to}
                      value={[...row.to]}
                      onChange={(to) => onMail(row.id, { to, cc: row.cc })}
                      onUnfinished={unfinished.of("to")}
                      placeholder={t.send.emailHint}
                    />
                    <EmailsField
                      label={t.certificates.cc}
                      value={[...row.cc]}
                      onChange={(cc) => onMail(row.id, { to: row.to, cc })}
                      onUnfinished={unfinished.of("cc")}
                    />
                    <RowCheck row={row} />
                    <Button
                      variant="default"
                      size="compact-sm"
                      w="fit-content"
                      onClick={() => edit(null)}
                    >
                      {t.batches.done}
                    </Button>
                  </div>
                ) : (
                  <>
                    {row.to.length === 0 && fate !== "checking" ? (
                      <span className={classes.missing}>{t.batches.noRecipient}</span>
                    ) : (
                      <span className={classes.addresses}>
                        {format.list([...row.to, ...row.cc])}
                      </span>
                    )}
                    {row.channel === null ? null : (
                      <span className={classes.channel}>{t.channels.named[row.channel]}</span>
                    )}
                    <Button
                      variant="subtle"
                      color="gray"
                      size="compact-sm"
                      ml={-8}
                      aria-label={t.batches.changeRecipients(row.name)}
                      onClick={() => edit(row.id)}
                    >
                      {t.batches.change}
                    </Button>
                  </>
                )}
              </div>
              <div className={classes.fate}>
                <StatusBadge
                  tone={warned ? "warn" : fate === "checking" && !checking ? "quiet" : TONES[fate]}
                >
                  {fateWords(row, fate)}
                </StatusBadge>
              </div>
              {onRemove === undefined ? (
                <span />
              ) : (
                <ActionIcon
                  className={classes.remove ?? ""}
                  aria-label={t.batches.remove(row.name)}
                  onClick={() => onRemove(row.id)}
                >
                  <IconX size={15} />
                </ActionIcon>
              )}
              <div className={classes.more}>
                {fate === "too_heavy" ? tooHeavy?.(row.id) : null}
                {detail?.(row.id)}
                {editing === row.id ? null : isLookedAt(row) ? (
                  <Concerns concerns={row.concerns.filter(({ severity }) => severity === "warn")} />
                ) : (
                  <RowCheck row={row} />
                )}
                <Findings findings={findings.get(row.id) ?? []} />
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function isLookedAt(row: RowState): boolean {
  return [...row.to, ...row.cc].every((address) => row.lookedAt.includes(address));
}

/** What is odd about addresses that somebody entered for a row. */
function RowCheck({ row }: { readonly row: RowState }) {
  const check = useRecipientCheck(row.to, row.cc, row.id);
  return <Concerns concerns={check.concerns} failed={check.failed} />;
}
