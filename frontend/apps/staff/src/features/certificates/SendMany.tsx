import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useRef } from "react";
import { DraftGuard } from "../../DraftGuard";
import { useDraft } from "../../drafts";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useSession } from "../../session";
import {
  type ChosenHolder,
  fateOf,
  isRecent,
  type RowMail,
  type RowState,
  tally,
} from "./batch-row";
import { BatchFoot, useWhyNot } from "./BatchFoot";
import { BatchRowsField } from "./BatchRowsField";
import type { Channel } from "./ChannelField";
import { EachChannelField } from "./EachChannelField";
import { MOST_HOLDERS } from "./holder-list";
import { isRowTooHeavy } from "./many-endorsements";
import { ManyEndorsementsField } from "./ManyEndorsementsField";
import { MasterField } from "./MasterField";
import { MasterFirst } from "./MasterFirst";
import { PickHolders } from "./PickHolders";
import { RowTooHeavy } from "./RowTooHeavy";
import classes from "./SendMany.module.css";
import { withinRoom } from "./sending-room";
import { Shortfalls } from "./Shortfalls";
import { useBatchCheck } from "./use-batch-check";
import { useStartBatch } from "./use-start-batch";

export interface SendManyProps {
  readonly insured: components["schemas"]["Insured"];
  readonly masters: readonly components["schemas"]["Master"][];
  readonly holders: readonly components["schemas"]["Holder"][];
  readonly start: { readonly master?: string; readonly find?: string };
}

interface ManyDraft {
  readonly master: string | null;
  /** Null: as the master says. */
  readonly description: string | null;
  readonly subject: string;
  readonly message: string;
  /** Null: as each holder prefers. */
  readonly channel: Channel | null;
  readonly endorsements: boolean;
  readonly chosen: readonly ChosenHolder[];
  /** What the person or a file said about the recipients of a holder. */
  readonly mail: Readonly<Record<string, RowMail>>;
  readonly out: readonly string[];
}

const NOTHING_FOUND: ReturnType<typeof useBatchCheck>["rows"] = new Map();

/** One master to many holders: choose, look at every row, confirm once. */
export function SendMany({ insured, masters, holders, start }: SendManyProps) {
  const t = useMessages();
  const format = useFormat();
  const { user } = useSession();
  const { draft, change, dirty } = useDraft<ManyDraft>(
    ["bulk", user.id, insured.id].join(" "),
    () => ({
      master:
        start.master ??
        masters.find((each) => each.state === "current" || each.state === "expiring")?.id ??
        null,
      description: null,
      subject: "",
      message: "",
      channel: null,
      endorsements: true,
      chosen: [],
      mail: {},
      out: [],
    }),
  );
  const starting = useStartBatch(insured.id);
  const masterField = useRef<HTMLInputElement>(null);
  const set = (part: Partial<ManyDraft>) => change((last) => ({ ...last, ...part }));
  const master = masters.find((each) => each.id === draft.master);
  const masterKnown = master !== undefined;
  const picked = useMemo(() => new Set(draft.chosen.map((each) => each.id)), [draft.chosen]);

  const body = useMemo(
    () =>
      !masterKnown ||
      draft.master === null ||
      draft.chosen.length === 0 ||
      draft.chosen.length > MOST_HOLDERS
        ? null
        : {
            master_id: draft.master,
            holder_ids: draft.chosen.map((each) => each.id),
            ...(draft.description === null ? {} : { description: draft.description }),
          },
    [masterKnown, draft.master, draft.chosen, draft.description],
  );
  const [asked] = useDebouncedValue(body, 350);
  const check = useBatchCheck(insured.id, body === null ? null : asked);
  const loading = body !== asked || check.loading;
  /** What was found for a question that is not asked any more is kept until the next answer, and only for that. */
  const found = body === null ? NOTHING_FOUND : check.rows;

  const rows = draft.chosen.map((each): RowState => {
    const checked = found.get(each.id);
    const mail = draft.mail[each.id];
    const channel = draft.channel ?? checked?.channel ?? null;
    const endorsements = checked?.endorsements ?? [];
    return {
      ...each,
      to: mail?.to ?? checked?.to ?? [],
      cc: mail?.cc ?? checked?.cc ?? [],
      findings: checked?.findings ?? [],
      concerns: checked?.concerns ?? [],
      channel,
      lookedAt: [...(checked?.to ?? []), ...(checked?.cc ?? [])],
      sendable: checked === undefined ? null : checked.sendable,
      tooHeavy: draft.endorsements && isRowTooHeavy({ endorsements, channel }),
      out: draft.out.includes(each.id),
    };
  });
  const counts = tally(rows);
  const recent = rows.filter((row) => {
    const before = found.get(row.id)?.sent_before;
    return (
      fateOf(row) === "ready" && before != null && !before.withdrawn && isRecent(before.issued_at)
    );
  }).length;
  const failed = body !== null && !loading && check.problem !== null;
  const reason = useWhyNot(counts, masterKnown, rows.length, loading, failed);
  const whyNot = insured.may.includes("send_certificate") ? reason : t.batches.mayNot;

  function send() {
    if (master === undefined) return;
    // What the gate blocks goes along, so that the batch remembers who was set aside and why.
    const going = rows.filter((row) => {
      const fate = fateOf(row);
      return fate === "ready" || (fate === "aside" && row.to.length > 0);
    });
    void starting.start(
      {
        kind: "bulk",
        master_id: master.id,
        ...(draft.description === null ? {} : { description: draft.description }),
        ...(draft.subject.trim() === "" ? {} : { subject: draft.subject }),
        ...(draft.message.trim() === "" ? {} : { message: draft.message }),
        ...(draft.channel === null ? {} : { channel: draft.channel }),
        ...(draft.endorsements ? {} : { attach_endorsements: false }),
        rows: going.map(({ id, to, cc }) => ({ holder_id: id, to: [...to], cc: [...cc] })),
      },
      counts.ready,
      going.map((row) => row.name),
    );
  }

  if (masters.length === 0) {
    return (
      <EmptyState
        title={t.batches.noMaster(insured.name)}
        action={<LinkAnchor {...paths.newMaster(insured.id)}>{t.masters.add}</LinkAnchor>}
      >
        {t.batches.noMasterText}
      </EmptyState>
    );
  }
  return (
    <div className={classes.form}>
      <DraftGuard dirty={dirty && !starting.busy} />
      <Section title={t.batches.master}>
        <div className={classes.narrow}>
          <MasterField
            masters={masters}
            master={master}
            onChoose={(id) => set({ master: id })}
            error={undefined}
            autoFocus={false}
            field={masterField}
          />
        </div>
      </Section>
      <Section title={t.batches.holders}>
        <div className={classes.narrow}>
          <PickHolders
            insured={insured.id}
            used={holders}
            picked={picked}
            find={start.find ?? ""}
            onAdd={(added, emails = {}) =>
              change((last) => {
                const { taken } = withinRoom(new Set(last.chosen.map((each) => each.id)), added);
                const given = Object.entries(emails).map(([id, to]): [string, RowMail] => [
                  id,
                  { to, cc: [] },
                ]);
                return {
                  ...last,
                  chosen: [...last.chosen, ...taken],
                  mail: { ...last.mail, ...Object.fromEntries(given) },
                };
              })
            }
            onRemove={(gone) =>
              change((last) => ({
                ...last,
                chosen: last.chosen.filter((each) => !gone.includes(each.id)),
              }))
            }
          />
        </div>
      </Section>
      <Section title={t.batches.mail} note={t.batches.mailNote}>
        <div className={classes.narrow}>
          <TextInput
            label={t.certificates.subject}
            placeholder={t.send.subjectHint}
            value={draft.subject}
            onChange={(event) => set({ subject: event.currentTarget.value })}
            autoComplete="off"
          />
          <Textarea
            label={t.certificates.message}
            placeholder={t.send.messageHint}
            value={draft.message}
            onChange={(event) => set({ message: event.currentTarget.value })}
            autosize
            minRows={3}
            maxRows={10}
          />
          <EachChannelField value={draft.channel} onChange={(channel) => set({ channel })} />
          <ManyEndorsementsField
            rows={rows
              .filter((row) => !row.out)
              .map((row) => ({
                endorsements: found.get(row.id)?.endorsements ?? [],
                channel: row.channel,
              }))}
            heavy={counts.tooHeavy}
            value={draft.endorsements}
            onChange={(endorsements) => set({ endorsements })}
          />
          <Textarea
            label={t.batches.description}
            description={t.batches.descriptionNote}
            placeholder={t.send.descriptionHint}
            value={draft.description ?? master?.description ?? ""}
            onChange={(event) => set({ description: event.currentTarget.value })}
            autosize
            minRows={2}
            maxRows={10}
          />
        </div>
      </Section>
      <Section title={t.batches.rows}>
        {failed ? <ProblemAlert problem={check.problem} onRetry={check.again} /> : null}
        {master === undefined && rows.length > 0 ? (
          <p className={classes.note}>
            <MasterFirst field={masterField} />
          </p>
        ) : null}
        {rows.length > MOST_HOLDERS ? <p className={classes.note}>{t.batches.tooMany}</p> : null}
        {rows.length === 0 ? (
          <p className={classes.note}>{t.batches.rowsNone}</p>
        ) : (
          <BatchRowsField
            label={t.batches.rows}
            rows={rows}
            checking={body !== null && !failed}
            onTick={(id, on) =>
              change((last) => ({
                ...last,
                out: on ? last.out.filter((each) => each !== id) : [...last.out, id],
              }))
            }
            onMail={(id, mail) =>
              change((last) => ({ ...last, mail: { ...last.mail, [id]: mail } }))
            }
            onRemove={(id) =>
              change((last) => ({
                ...last,
                chosen: last.chosen.filter((each) => each.id !== id),
              }))
            }
            tooHeavy={(id) => (
              <RowTooHeavy
                endorsements={found.get(id)?.endorsements ?? []}
                onLinks={() => set({ channel: "link" })}
                onLeaveOut={() => set({ endorsements: false })}
              />
            )}
            detail={(id) => <Shortfalls requirements={found.get(id)?.requirements ?? []} />}
            note={(id) => {
              const before = found.get(id)?.sent_before;
              if (!found.has(id)) return null;
              if (!before) return t.batches.neverSent;
              const words = before.withdrawn ? t.batches.sentAndWithdrawn : t.batches.sentBefore;
              return words(format.moment(before.issued_at), before.number);
            }}
          />
        )}
      </Section>
      <BatchFoot
        counts={counts}
        master={master?.name ?? ""}
        recent={recent}
        first={master === undefined ? <MasterFirst field={masterField} /> : null}
        reason={whyNot}
        busy={starting.busy}
        problem={starting.problem}
        faults={starting.faults}
        onSend={send}
        onDismiss={starting.dismiss}
      />
    </div>
  );
}
