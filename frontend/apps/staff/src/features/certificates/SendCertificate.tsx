import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError, shareOut } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmailsField } from "@countersign/ui/EmailsField";
import { EmptyState } from "@countersign/ui/EmptyState";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Kbd, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue, useHotkeys, useMediaQuery, useOs } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useMemo, useState } from "react";
import { useDraft } from "../../drafts";
import { LinkAnchor } from "../../LinkAnchor";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useSession } from "../../session";
import { type Finding, markOf, type Place, placeOf, type Remedy } from "./findings";
import { Findings } from "./Findings";
import { HolderField } from "./HolderField";
import { MarksField } from "./MarksField";
import { bodyOf, emptyDraft, marksOf, pageOf, type SendDraft } from "./send-draft";
import classes from "./SendCertificate.module.css";
import { usePreview } from "./use-preview";

export interface SendCertificateProps {
  readonly insured: components["schemas"]["Insured"];
  readonly masters: readonly components["schemas"]["Master"][];
  readonly holders: readonly components["schemas"]["Holder"][];
  /** Where a link already made a decision. */
  readonly start: { readonly master?: string; readonly holder?: string };
}

const drafts = new Map<string, SendDraft>();

const SHOWN = new Set(["description", "subject", "message", "master_id"]);

function isShown(field: string): boolean {
  return SHOWN.has(field) || field.startsWith("holder") || field.startsWith("recipients");
}

/** The few decisions at the left, the page as it will print at the right. */
export function SendCertificate({ insured, masters, holders, start }: SendCertificateProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const os = useOs();
  const { user } = useSession();
  const narrow = useMediaQuery("(max-width: 960px)", false, { getInitialValueInEffect: false });
  const [pane, setPane] = useState<"decide" | "page">("decide");
  const ids = { master: useId(), holder: useId() };

  const key = `${user.id} ${insured.id}`;
  const usable = masters.filter((master) => master.state !== "expired");
  const [draft, setDraft] = useDraft(drafts, key, () => {
    const holder = holders.find((each) => each.id === start.holder);
    // What was used last is most often what is wanted again.
    const last = usable.toSorted((a, b) =>
      (b.last_used_at ?? "").localeCompare(a.last_used_at ?? ""),
    )[0];
    return {
      ...emptyDraft(start.master ?? last?.id ?? null, holder?.id ?? null),
      to: holder?.emails ?? [],
    };
  });
  const [intent] = useState(() => new Intent());
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [homeless, setHomeless] = useState<ReturnType<typeof shareOut>["homeless"]>([]);
  const [busy, setBusy] = useState(false);
  const [focusMaster] = useState(draft.master === null);
  const [more, setMore] = useState(draft.subject !== "" || draft.message !== "");

  function change(part: Partial<SendDraft>) {
    setDraft((last) => ({ ...last, ...part }));
    setErrors({});
    setProblem(null);
  }

  const master = masters.find((each) => each.id === draft.master);
  const additionalInsured =
    draft.additionalInsured ?? (master ? marksOf(master, "additional_insured") : []);
  const waiver = draft.waiver ?? (master ? marksOf(master, "waiver") : []);
  const body = useMemo(() => bodyOf(draft), [draft]);
  const page = useMemo(() => (body === null ? null : pageOf(body)), [body]);
  const [asked] = useDebouncedValue(page, 350);
  const preview = usePreview(insured.id, page === null ? null : asked);
  const waiting = page !== asked || preview.loading;

  // A refused sending brings its own findings, which are newer than those of the preview.
  const findings =
    problem !== null && problem.findings.length > 0 ? problem.findings : preview.findings;
  const blocking = findings.filter((finding) => finding.severity === "block").length;
  const count = draft.to.length + draft.cc.length;
  const at = (place: Place) => findings.filter((finding) => placeOf(finding) === place);

  const reason =
    draft.master === null
      ? t.send.masterFirst
      : body === null
        ? t.send.holderFirst
        : blocking > 0
          ? t.send.resolve(blocking)
          : draft.to.length === 0
            ? t.send.recipientFirst
            : null;

  function remedy(which: NonNullable<Remedy>, finding: Finding) {
    if (which === "edit_master" && draft.master !== null) {
      void navigate(paths.master(insured.id, draft.master));
    } else if (which === "edit_insured") {
      void navigate(paths.editInsured(insured.id));
    } else if (which === "unmark") {
      const mark = markOf(finding);
      const line = LINES.find((each) => each === mark?.line);
      if (mark?.mark === "waiver") change({ waiver: waiver.filter((each) => each !== line) });
      else change({ additionalInsured: additionalInsured.filter((each) => each !== line) });
    } else {
      setProblem(null);
      preview.again();
    }
  }

  async function send() {
    if (body === null) return;
    setBusy(true);
    setProblem(null);
    setErrors({});
    try {
      const { data } = await client.POST("/v1/insureds/{insured}/certificates", {
        params: { path: { insured: insured.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: insured.id });
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/home");
      if (data !== undefined) toastDone(t.send.queued(data.number, format.list(draft.to)));
      await navigate(paths.certificatesSent(insured.id));
    } catch (thrown) {
      const trouble = problemOf(thrown);
      // Without an answer the certificate may have been issued; the same key finds out.
      if (trouble.status !== 0) intent.settle();
      const shares = shareOut(trouble, isShown);
      setErrors(shares.beside);
      setHomeless(shares.homeless);
      setProblem(trouble);
      setBusy(false);
      if (narrow) setPane("decide");
    }
  }

  useHotkeys(
    [
      [
        "mod+Enter",
        () => {
          if (reason === null && !busy) void send();
        },
      ],
    ],
    [],
  );

  function errorUnder(prefix: string): string | undefined {
    return Object.entries(errors).find(([field]) => field.startsWith(prefix))?.[1];
  }

  const suggestions = [
    ...(insured.email ? [insured.email] : []),
    ...insured.contacts.map((contact) => contact.email).filter((email) => email != null),
    user.email,
  ];

  if (masters.length === 0) {
    return (
      <EmptyState
        title={t.send.noMaster(insured.name)}
        action={<LinkAnchor {...paths.newMaster(insured.id)}>{t.masters.add}</LinkAnchor>}
      >
        {t.send.noMasterText}
      </EmptyState>
    );
  }

  const decisions = (
    <div className={classes.decisions}>
      {problem !== null && problem.findings.length === 0 ? (
        <ProblemAlert problem={problem} fields={homeless} />
      ) : null}
      <section className={classes.step} aria-labelledby={ids.master}>
        <h2 id={ids.master}>{t.send.master}</h2>
        <Select
          aria-label={t.send.master}
          placeholder={t.send.masterHint}
          data={masters.map((each) => ({ value: each.id, label: each.name }))}
          renderOption={({ option }) => {
            const each = masters.find((candidate) => candidate.id === option.value);
            return (
              <span className={classes.option}>
                <span>{option.label}</span>
                <span className={classes.soft}>
                  {each === undefined
                    ? ""
                    : LINES.filter((line) => each.sections[line])
                        .map((line) => t.lines.short[line])
                        .join(" + ")}
                  {each !== undefined && each.state !== "current"
                    ? ` · ${t.masters.states[each.state]}`
                    : ""}
                </span>
              </span>
            );
          }}
          value={draft.master}
          onChange={(id) =>
            change({ master: id, description: null, additionalInsured: null, waiver: null })
          }
          error={errors["master_id"]}
          searchable={masters.length > 8}
          selectFirstOptionOnChange
          openOnFocus={false}
          autoFocus={focusMaster}
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
        <Findings findings={at("master")} onRemedy={remedy} />
      </section>
      <section className={classes.step} aria-labelledby={ids.holder}>
        <h2 id={ids.holder}>{t.send.holder}</h2>
        <HolderField
          used={holders}
          autoFocus={!focusMaster}
          holder={draft.holder}
          newHolder={draft.newHolder}
          onPick={(holder) =>
            change({
              holder: holder?.id ?? null,
              to: holder === null ? draft.to : [...holder.emails],
            })
          }
          onNew={(newHolder) => change({ newHolder })}
          errors={errors}
        />
        <Findings findings={at("holder")} onRemedy={remedy} />
      </section>
      {master === undefined ? null : (
        <section className={classes.step}>
          <h2>{t.send.marks}</h2>
          <MarksField
            master={master}
            additionalInsured={additionalInsured}
            waiver={waiver}
            onAdditionalInsured={(lines) => change({ additionalInsured: lines })}
            onWaiver={(lines) => change({ waiver: lines })}
          />
          <Findings findings={at("marks")} onRemedy={remedy} />
        </section>
      )}
      <section className={classes.step}>
        <h2>{t.send.description}</h2>
        <Textarea
          aria-label={t.send.description}
          placeholder={t.send.descriptionHint}
          value={draft.description ?? master?.description ?? ""}
          onChange={(event) => change({ description: event.currentTarget.value })}
          error={errors["description"]}
          autosize
          minRows={3}
          maxRows={12}
        />
        {draft.description !== null && draft.description !== master?.description ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => change({ description: null })}
          >
            {t.send.asMaster}
          </Button>
        ) : null}
        <Findings findings={at("description")} onRemedy={remedy} />
      </section>
      <section className={classes.step}>
        <h2>{t.send.recipients}</h2>
        <EmailsField
          label={t.certificates.to}
          value={[...draft.to]}
          onChange={(to) => change({ to })}
          suggestions={suggestions}
          error={errorUnder("recipients.to")}
          placeholder={t.send.emailHint}
        />
        <EmailsField
          label={t.certificates.cc}
          value={[...draft.cc]}
          onChange={(cc) => change({ cc })}
          suggestions={suggestions}
          error={errorUnder("recipients.cc")}
        />
        {more ? (
          <>
            <TextInput
              label={t.certificates.subject}
              placeholder={t.send.subjectHint}
              value={draft.subject}
              onChange={(event) => change({ subject: event.currentTarget.value })}
              error={errors["subject"]}
              autoComplete="off"
            />
            <Textarea
              label={t.certificates.message}
              placeholder={t.send.messageHint}
              value={draft.message}
              onChange={(event) => change({ message: event.currentTarget.value })}
              error={errors["message"]}
              autosize
              minRows={3}
              maxRows={10}
            />
          </>
        ) : (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setMore(true)}>
            {t.send.addMessage}
          </Button>
        )}
        <Findings findings={at("recipients")} onRemedy={remedy} />
      </section>
    </div>
  );

  const sheet =
    body === null && preview.bytes === null ? (
      <div className={classes.blank}>
        <EmptyState title={t.send.noPageYet}>{t.send.noPageYetText}</EmptyState>
      </div>
    ) : preview.problem !== null && problem === null ? (
      <div className={classes.blank}>
        <ProblemAlert problem={preview.problem} onRetry={preview.again} />
      </div>
    ) : (
      <PdfPreview bytes={preview.bytes} label={t.send.pageLabel} flashChanges stale={waiting}>
        <span role="status">
          {waiting ? (
            <StatusBadge tone="pending">{t.send.drawing}</StatusBadge>
          ) : blocking > 0 ? (
            <StatusBadge tone="bad">{t.send.notSendable(blocking)}</StatusBadge>
          ) : (
            <StatusBadge tone="good">{t.send.agrees}</StatusBadge>
          )}
        </span>
      </PdfPreview>
    );

  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null && !busy) void send();
      }}
    >
      {narrow ? (
        <SegmentedControl
          className={classes.switch ?? ""}
          aria-label={t.send.panes}
          fullWidth
          data={[
            { value: "decide", label: t.send.decide },
            { value: "page", label: t.send.page },
          ]}
          value={pane}
          onChange={(next) => setPane(next === "page" ? "page" : "decide")}
        />
      ) : null}
      <div className={classes.panes}>
        {narrow && pane === "page" ? null : decisions}
        {narrow && pane === "decide" ? null : <div className={classes.sheet}>{sheet}</div>}
      </div>
      <div className={classes.foot}>
        <p className={classes.who}>
          {draft.to.length === 0
            ? t.send.nobodyYet
            : t.send.mailedTo(format.list([...draft.to, ...draft.cc]))}
        </p>
        <Kbd className={classes.keys ?? ""} aria-hidden>
          {os === "macos" ? "⌘ ↵" : "Ctrl ↵"}
        </Kbd>
        <GuardedButton type="submit" reason={busy ? null : reason} loading={busy}>
          {t.send.send(count)}
        </GuardedButton>
      </div>
    </form>
  );
}
