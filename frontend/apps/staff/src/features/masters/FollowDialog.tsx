import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox, Skeleton, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Line } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./FollowDialog.module.css";

type NewTerm = components["schemas"]["NewTerm"];
type Way = components["schemas"]["WayWord"];

const TONES: Record<Way, Tone> = {
  changed: "quiet",
  up: "good",
  down: "warn",
  gained: "good",
  lost: "bad",
};

export interface FollowDialogProps {
  readonly master: components["schemas"]["Master"];
  readonly onClose: () => void;
  /** With the master as it is now. */
  readonly onFollowed: (master: components["schemas"]["Master"]) => void;
}

/** What differs between the terms that a master prints and their new ones, and the step into these. */
export function FollowDialog({ master, onClose, onFollowed }: FollowDialogProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const terms = api.useQuery(
    "get",
    "/v1/masters/{master}/new-terms",
    { params: { path: { master: master.id } } },
    { staleTime: 0, refetchOnWindowFocus: false },
  );
  /** Sections that shall stay as they are; all others follow. */
  const [stays, setStays] = useState<ReadonlySet<Line>>(new Set());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const sections = terms.data?.data ?? [];
  const chosen = sections.filter((section) => !stays.has(section.line));

  async function follow() {
    if (terms.data === undefined) return;
    if (chosen.length === 0) {
      setError(t.masters.followNothing);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await client.POST("/v1/masters/{master}/new-terms", {
        params: { path: { master: master.id }, header: ifMatch(terms.data.version) },
        body: {
          sections: chosen.map((section) => ({
            line: section.line,
            policy_id: section.after.policy_id,
          })),
        },
      });
      await invalidate(cache, "/v1/masters/{master}", { master: master.id });
      void invalidate(cache, "/v1/insureds/{insured}", { insured: master.insured_id });
      toastDone(t.masters.followed(master.name));
      if (data !== undefined) onFollowed(data);
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      setProblem(trouble);
      // What was looked at is not what is there any more.
      if (trouble.slug === "stale_version" || trouble.slug === "validation") void terms.refetch();
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.masters.follow}
      submitLabel={t.masters.followCount(chosen.length)}
      size="xl"
      busy={busy}
      disabled={terms.data === undefined || sections.length === 0}
      onSubmit={(event) => {
        event.preventDefault();
        void follow();
      }}
      problem={problem === null ? null : { problem }}
    >
      <Text component="p" m={0}>
        {t.masters.followText}
      </Text>
      {terms.error === null ? null : (
        <ProblemAlert problem={problemOf(terms.error)} onRetry={() => void terms.refetch()} />
      )}
      {terms.data === undefined ? (
        terms.error === null ? (
          <Loading>
            <Skeleton height={180} />
          </Loading>
        ) : null
      ) : sections.length === 0 ? (
        <Text component="p" m={0}>
          {t.masters.noNewTerms}
        </Text>
      ) : (
        sections.map((section) => (
          <Section
            key={section.line}
            section={section}
            follows={!stays.has(section.line)}
            onFollow={(follows) => {
              setError(null);
              setStays((last) => {
                const next = new Set(last);
                if (follows) next.delete(section.line);
                else next.add(section.line);
                return next;
              });
            }}
          />
        ))
      )}
      {error === null ? null : (
        <Text component="p" m={0} c="red" role="alert">
          {error}
        </Text>
      )}
    </FormDialog>
  );
}

interface SectionProps {
  readonly section: NewTerm;
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

function Section({ section, follows, onFollow }: SectionProps) {
  const t = useMessages();
  const format = useFormat();
  const m = t.masters;
  const line = t.lines.full[section.line];
  const { before, after } = section;
  const term = (policy: NewTerm["after"]) =>
    m.termFromTo(policy.number, format.date(policy.effective_on), format.date(policy.expires_on));
  return (
    <section className={classes.section} aria-label={line}>
      <Checkbox
        label={m.followLine(line)}
        checked={follows}
        onChange={(event) => onFollow(event.currentTarget.checked)}
      />
      <p className={classes.terms}>
        {term(before)} → <strong>{term(after)}</strong>
      </p>
      {after.state === "upcoming" ? (
        <p className={classes.warning}>{m.beginsOn(format.date(after.effective_on))}</p>
      ) : null}
      {section.additional_insured_lost ? (
        <p className={classes.warning}>{m.markLost(t.send.additionalInsured)}</p>
      ) : null}
      {section.waiver_lost ? <p className={classes.warning}>{m.markLost(t.send.waiver)}</p> : null}
      {section.changes.length === 0 ? (
        <p className={classes.soft}>{m.noDifference}</p>
      ) : (
        <table className={classes.changes} role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {m.difference}
              </th>
              <th scope="col" role="columnheader">
                {m.before}
              </th>
              <th scope="col" role="columnheader">
                {m.after}
              </th>
              <th scope="col" role="columnheader">
                {m.state}
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {section.changes.map((change) => (
              <tr role="row" key={`${change.label} ${change.before ?? ""} ${change.after ?? ""}`}>
                <th scope="row" role="rowheader">
                  {change.label}
                </th>
                <td role="cell" data-label={m.before}>
                  {change.before ?? t.conflict.nothing}
                </td>
                <td role="cell" data-label={m.after}>
                  {change.after ?? t.conflict.nothing}
                </td>
                <td role="cell">
                  <StatusBadge tone={TONES[change.way]}>{m.ways[change.way]}</StatusBadge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
