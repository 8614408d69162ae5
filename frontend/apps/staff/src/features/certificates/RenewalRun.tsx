import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Skeleton, Textarea, TextInput } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { DraftGuard } from "../../DraftGuard";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { fateOf, type RowMail, type RowState, tally } from "./batch-row";
import { AskInsured } from "./AskInsured";
import { BatchFoot, useWhyNot } from "./BatchFoot";
import { BatchRowsField } from "./BatchRowsField";
import type { Channel } from "./ChannelField";
import { EachChannelField } from "./EachChannelField";
import { isRowTooHeavy } from "./many-endorsements";
import { ManyEndorsementsField } from "./ManyEndorsementsField";
import { MasterField } from "./MasterField";
import { MasterFirst } from "./MasterFirst";
import { RenewalChanges } from "./RenewalChanges";
import { RowTooHeavy } from "./RowTooHeavy";
import classes from "./SendMany.module.css";
import { Shortfalls } from "./Shortfalls";
import { useStartBatch } from "./use-start-batch";

type Renewal = components["schemas"]["Renewal"];

export interface RenewalRunProps {
  readonly insured: components["schemas"]["Insured"];
  readonly masters: readonly components["schemas"]["Master"][];
  readonly master: string | null;
  readonly onMaster: (master: string | null) => void;
}

/** The new term for those who hold the old one: what changes for each, and who shall have it. */
export function RenewalRun({ insured, masters, master: chosen, onMaster }: RenewalRunProps) {
  const t = useMessages();
  const masterField = useRef<HTMLInputElement>(null);
  const master = masters.find((each) => each.id === chosen);
  const query = api.useQuery(
    "get",
    "/v1/insureds/{insured}/masters/{master}/renewal",
    { params: { path: { insured: insured.id, master: chosen ?? "" } } },
    { enabled: chosen !== null, refetchOnMount: "always" },
  );
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
      <Section title={t.batches.master} note={t.batches.renewal.intro}>
        <div className={classes.narrow}>
          <MasterField
            masters={masters}
            master={master}
            onChoose={onMaster}
            error={undefined}
            autoFocus={false}
            field={masterField}
          />
        </div>
      </Section>
      {query.error === null ? null : (
        <ProblemAlert problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
      )}
      {master === undefined ? (
        <EmptyState
          title={t.batches.renewal.noMasterYet}
          action={<MasterFirst field={masterField} />}
        >
          {t.batches.renewal.noMasterYetText}
        </EmptyState>
      ) : query.data === undefined ? (
        query.error === null ? (
          <Loading>
            <Skeleton height={220} />
          </Loading>
        ) : null
      ) : (
        <RenewalRows
          key={master.id}
          insured={insured}
          master={master}
          renewal={query.data}
          loading={query.isFetching}
        />
      )}
    </div>
  );
}

/**
 * Who is proposed: whom the insured named, where it was asked. Else whoever holds what would be printed now needs no
 * other page, and some want no renewal at all.
 */
function proposed(row: Renewal["rows"][number]): boolean {
  if (row.wanted != null) return row.wanted;
  return row.changes.length > 0 && !row.renewals_stopped_at;
}

interface RenewalRowsProps {
  readonly insured: components["schemas"]["Insured"];
  readonly master: components["schemas"]["Master"];
  readonly renewal: Renewal;
  readonly loading: boolean;
}

function RenewalRows({ insured, master, renewal, loading }: RenewalRowsProps) {
  const t = useMessages();
  const format = useFormat();
  const starting = useStartBatch(insured.id);
  const [subject, setSubject] = useState("");
  const [message, setMessage] = useState("");
  const [channel, setChannel] = useState<Channel | null>(null);
  const [endorsements, setEndorsements] = useState(true);
  const [mail, setMail] = useState<Readonly<Record<string, RowMail>>>({});
  /** What the person ticked or not, where it differs from what is proposed. */
  const [ticked, setTicked] = useState<Readonly<Record<string, boolean>>>({});
  const byHolder = useMemo(
    () => new Map(renewal.rows.map((row) => [row.holder_id, row])),
    [renewal],
  );
  const rows = renewal.rows.map((row): RowState => ({
    id: row.holder_id,
    name: row.holder_name,
    place: [
      t.batches.renewal.holds(row.certificate_number, format.date(row.issued_on)),
      row.contract_reference,
    ]
      .filter(Boolean)
      .join(" · "),
    to: mail[row.holder_id]?.to ?? row.to,
    cc: mail[row.holder_id]?.cc ?? row.cc,
    findings: row.findings,
    concerns: row.concerns,
    channel: channel ?? row.channel,
    tooHeavy:
      endorsements &&
      isRowTooHeavy({ endorsements: row.endorsements, channel: channel ?? row.channel }),
    lookedAt: [...row.to, ...row.cc],
    sendable: row.sendable,
    out: !(ticked[row.holder_id] ?? proposed(row)),
  }));
  const stopped = renewal.rows.filter((row) => row.renewals_stopped_at).length;
  const counts = tally(rows);
  const notBegun = renewal.rows.some((row) =>
    row.findings.some((finding) => finding.code === "policy_not_yet_effective"),
  );
  const notes = [
    ...(notBegun ? [t.batches.renewal.notBegun] : []),
    ...(stopped > 0 ? [t.batches.renewal.setAside(stopped)] : []),
    ...(renewal.more ? [t.batches.renewal.more] : []),
  ];
  const reason = useWhyNot(counts, true, rows.length, loading);
  const dirty =
    Object.keys(mail).length + Object.keys(ticked).length > 0 ||
    subject !== "" ||
    message !== "" ||
    channel !== null ||
    !endorsements;

  function send() {
    // What the gate blocks goes along, so that the run remembers who was set aside and why.
    const going = rows.filter((row) => {
      const fate = fateOf(row);
      return fate === "ready" || (fate === "aside" && !row.out && row.to.length > 0);
    });
    void starting.start(
      {
        kind: "renewal",
        master_id: master.id,
        ...(subject.trim() === "" ? {} : { subject }),
        ...(message.trim() === "" ? {} : { message }),
        ...(channel === null ? {} : { channel }),
        ...(endorsements ? {} : { attach_endorsements: false }),
        rows: going.map(({ id, to, cc }) => {
          const follows = byHolder.get(id)?.certificate_id;
          return {
            holder_id: id,
            to: [...to],
            cc: [...cc],
            ...(follows === undefined ? {} : { follows }),
          };
        }),
      },
      counts.ready,
      going.map((row) => row.name),
    );
  }

  return (
    <>
      <DraftGuard dirty={dirty && !starting.busy} />
      {renewal.not_followed.length === 0 ? null : (
        <div className={classes.warning} role="note">
          <h3>{t.batches.renewal.notFollowed}</h3>
          <p>{t.batches.renewal.notFollowedText}</p>
          <ul className={classes.terms}>
            {renewal.not_followed.map((term) => (
              <li key={term.line}>
                {t.batches.renewal.nextTerm(
                  t.lines.short[term.line],
                  term.policy_number,
                  term.next_number,
                  format.date(term.next_effective_on),
                  format.date(term.next_expires_on),
                )}
              </li>
            ))}
          </ul>
          <LinkAnchor {...paths.master(insured.id, master.id)}>
            {t.batches.renewal.toMaster}
          </LinkAnchor>
        </div>
      )}
      {rows.length === 0 ? (
        <EmptyState title={t.batches.renewal.none}>{t.batches.renewal.noneText}</EmptyState>
      ) : (
        <>
          <Section
            title={t.batches.rows}
            {...(notes.length === 0 ? {} : { note: notes.join(" ") })}
          >
            <AskInsured
              insured={insured}
              master={master.id}
              holders={rows.length}
              question={renewal.question ?? null}
            />
            <BatchRowsField
              label={t.batches.rows}
              rows={rows}
              onTick={(id, on) => setTicked((last) => ({ ...last, [id]: on }))}
              onMail={(id, next) => setMail((last) => ({ ...last, [id]: next }))}
              tooHeavy={(id) => (
                <RowTooHeavy
                  endorsements={byHolder.get(id)?.endorsements ?? []}
                  onLinks={() => setChannel("link")}
                  onLeaveOut={() => setEndorsements(false)}
                />
              )}
              detail={(id) => {
                const row = byHolder.get(id);
                return row === undefined ? null : (
                  <>
                    {row.wanted == null ? null : (
                      <div>
                        <StatusBadge tone={row.wanted ? "good" : "quiet"}>
                          {row.wanted ? t.batches.asking.wanted : t.batches.asking.notWanted}
                        </StatusBadge>
                      </div>
                    )}
                    {row.renewals_stopped_at ? (
                      <StatusBadge tone="quiet">
                        {t.batches.renewal.stopped(format.moment(row.renewals_stopped_at))}
                      </StatusBadge>
                    ) : null}
                    <RenewalChanges holder={row.holder_name} changes={row.changes} />
                    <Shortfalls requirements={row.requirements} />
                  </>
                );
              }}
            />
          </Section>
          <Section title={t.batches.mail} note={t.batches.mailNote}>
            <div className={classes.narrow}>
              <TextInput
                label={t.certificates.subject}
                placeholder={t.send.subjectHint}
                value={subject}
                onChange={(event) => setSubject(event.currentTarget.value)}
                autoComplete="off"
              />
              <Textarea
                label={t.certificates.message}
                placeholder={t.send.messageHint}
                value={message}
                onChange={(event) => setMessage(event.currentTarget.value)}
                autosize
                minRows={3}
                maxRows={10}
              />
              <EachChannelField value={channel} onChange={setChannel} />
              <ManyEndorsementsField
                rows={rows
                  .filter((row) => !row.out)
                  .map((row) => ({
                    endorsements: byHolder.get(row.id)?.endorsements ?? [],
                    channel: row.channel,
                  }))}
                heavy={counts.tooHeavy}
                value={endorsements}
                onChange={setEndorsements}
              />
            </div>
          </Section>
          <BatchFoot
            counts={counts}
            unanswered={
              renewal.question?.state === "asked"
                ? t.batches.asking.unanswered(
                    format.list(renewal.question.to),
                    format.moment(renewal.question.asked_at),
                  )
                : null
            }
            master={master.name}
            reason={insured.may.includes("send_certificate") ? reason : t.batches.mayNot}
            busy={starting.busy}
            problem={starting.problem}
            faults={starting.faults}
            onSend={send}
            onDismiss={starting.dismiss}
          />
        </>
      )}
    </>
  );
}
