import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { MAX_DESCRIPTION } from "@countersign/api/limits";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useFormat } from "@countersign/ui/UiProvider";
import { useUnfinished } from "@countersign/ui/use-unfinished";
import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useDebouncedValue, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useId, useMemo, useRef, useState } from "react";
import { DraftGuard } from "../../DraftGuard";
import { holdDraft, useDraft } from "../../drafts";
import { descriptionLength, unknownPlaceholder } from "../../description";
import { NO_FAULTS } from "../../field-faults";
import type { Interest } from "../../interest";
import { LinkAnchor } from "../../LinkAnchor";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useSession } from "../../session";
import { TemplatePicker } from "../../TemplatePicker";
import { AskApproval } from "./AskApproval";
import { certificateProblem } from "./certificate-problem";
import { Concerns } from "../../Concerns";
import { EndorsementsField, isTooHeavy } from "./EndorsementsField";
import {
  type Finding,
  markOf,
  type Place,
  placeOf,
  policyOf,
  type Remedy,
  withLine,
} from "./findings";
import { Findings } from "./Findings";
import { HolderAsks } from "./HolderAsks";
import { HolderField } from "./HolderField";
import { InsertWording } from "./InsertWording";
import { InterestHolder } from "./InterestHolder";
import { MailFields } from "./MailFields";
import { MarksField } from "./MarksField";
import { MasterField } from "./MasterField";
import { mended } from "./mend";
import { PrintSheet } from "./PrintSheet";
import {
  bodyOf,
  channelOf,
  draftFrom,
  emptyDraft,
  interestDraft,
  marksOf,
  pageOf,
  preferredOf,
  revisionDraft,
  type SendDraft,
  withHolder,
  withMaster,
} from "./send-draft";
import { sendFaults } from "./send-faults";
import { SendFoot } from "./SendFoot";
import classes from "./SendCertificate.module.css";
import { useToastSent } from "./use-toast-sent";
import { usePreview } from "./use-preview";
import { useRecipientCheck } from "../../use-recipient-check";

export interface SendCertificateProps {
  readonly insured: components["schemas"]["Insured"];
  readonly masters: readonly components["schemas"]["Master"][];
  readonly holders: readonly components["schemas"]["Holder"][];
  readonly interests: readonly Interest[];
  /** Where a link already made a decision. */
  readonly start: {
    readonly master?: string;
    readonly holder?: string;
    readonly interest?: string;
  };
  /** The certificate whose next revision this is; null for a first sending. */
  readonly revises: components["schemas"]["Certificate"] | null;
  /** A request for approval whose draft is taken up again. */
  readonly from: components["schemas"]["Approval"] | null;
}

/** The few decisions at the left, the page as it will print at the right. */
export function SendCertificate({
  insured,
  masters,
  holders,
  interests,
  start,
  revises,
  from,
}: SendCertificateProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const toastSent = useToastSent();
  const navigate = useNavigate();
  const here = useLocation({ select: (location) => location.href });
  const { user } = useSession();
  const narrow = useMediaQuery("(max-width: 960px)", false, { getInitialValueInEffect: false });
  const [pane, setPane] = useState<"decide" | "page">("decide");
  const ids = { master: useId(), holder: useId() };
  const element = useRef<HTMLFormElement>(null);
  const words = useRef<HTMLTextAreaElement>(null);

  const key = [
    "send",
    user.id,
    insured.id,
    start.master ?? "",
    start.holder ?? "",
    start.interest ?? "",
    revises?.id ?? "",
    from?.id ?? "",
  ].join(" ");
  const {
    draft,
    change: setDraft,
    dirty,
  } = useDraft<SendDraft>(key, () => {
    if (from !== null) return draftFrom(from.draft, holders, interests);
    if (revises !== null) return revisionDraft(revises, masters, holders);
    // What was used last is most often what is wanted again.
    const last = masters
      .filter((each) => each.state === "current" || each.state === "expiring")
      .toSorted((a, b) => (b.last_used_at ?? "").localeCompare(a.last_used_at ?? ""))[0];
    const first = start.master ?? last?.id ?? null;
    const interest = interests.find((each) => each.id === start.interest);
    if (interest !== undefined) {
      return interestDraft(masters.find((each) => each.id === first) ?? null, interest);
    }
    return emptyDraft(first, holders.find((each) => each.id === start.holder) ?? null);
  });
  const [intent] = useState(() => new Intent());
  const [refused, setRefused] = useState(NO_FAULTS);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const unfinished = useUnfinished();
  const [asking, setAsking] = useState(false);
  const [focusMaster] = useState(draft.master === null);
  /** The field that is being written in: what is wrong with it is said when it is left. */
  const [writing, setWriting] = useState<string | null>(null);

  function update(next: (last: SendDraft) => SendDraft, field: string | null = null) {
    setDraft(next);
    setWriting(field);
    setRefused(NO_FAULTS);
    setProblem(null);
  }

  function change(part: Partial<SendDraft>, field: string | null = null) {
    update((last) => ({ ...last, ...part }), field);
  }

  const master = masters.find((each) => each.id === draft.master);
  const additionalInsured =
    draft.additionalInsured ?? (master ? marksOf(master, "additional_insured") : []);
  const waiver = draft.waiver ?? (master ? marksOf(master, "waiver") : []);
  const description = draft.description ?? master?.description ?? "";
  const body = useMemo(() => bodyOf(draft), [draft]);
  const channel = channelOf(draft);
  const known = draft.interest ?? (draft.mode === "known" ? draft.holder : null);
  const holderName = known?.name ?? (draft.mode === "new" ? draft.newHolder.name : "");
  const policies = LINES.flatMap((line) => master?.sections[line]?.policy_id ?? []);
  const page = useMemo(() => (body === null ? null : pageOf(body)), [body]);
  const [asked] = useDebouncedValue(page, 350);
  const preview = usePreview(insured.id, revises?.id ?? null, page === null ? null : asked);
  const waiting = page !== asked || preview.loading;
  const check = useRecipientCheck(
    draft.to,
    draft.cc,
    draft.interest?.holder_id ?? (draft.mode === "known" ? (draft.holder?.id ?? null) : null),
  );
  // Findings speak of the text as it prints; only placeholders make that another one.
  const printed = description.includes("{{") ? (preview.description ?? description) : description;

  // The server reads the page's part as soon as it is whole; its faults belong to the fields.
  const early = preview.problem === null ? NO_FAULTS : sendFaults(preview.problem, draft, t);
  // The length is known while one writes, and is not what one goes on with.
  const length = descriptionLength(draft.description ?? master?.description ?? "");
  const placeholders = Object.keys(t.templates.placeholders);
  // The contract is filled in where a template is used, not when a page is drawn.
  const braced = placeholders.filter((word) => word !== "reference").map((word) => `{{${word}}}`);
  const misnamed = unknownPlaceholder(description, placeholders);
  const errors: Record<string, string> = {
    ...Object.fromEntries(Object.entries(early.beside).filter(([field]) => field !== writing)),
    ...refused.beside,
    ...(length > MAX_DESCRIPTION
      ? { description: t.descriptionTooLong(length, MAX_DESCRIPTION) }
      : {}),
    ...(misnamed === null ? {} : { description: t.noPlaceholder(misnamed, braced.join(", ")) }),
  };
  const pageProblem =
    early.homeless.length > 0 || Object.keys(early.beside).length === 0 ? preview.problem : null;
  // A refused sending brings its own findings, which are newer than those of the preview.
  const findings =
    problem !== null && problem.findings.length > 0 ? problem.findings : preview.findings;
  const warnings = findings.filter((finding) => finding.severity === "warn").length;
  const blocks = findings.filter((finding) => finding.severity === "block");
  const blocking = blocks.length;
  const at = (place: Place) => (
    <Findings
      findings={findings.filter((finding) => placeOf(finding) === place)}
      description={printed}
      onRemedy={remedy}
    />
  );
  // A page of the holder before says nothing about this one.
  const asks =
    draft.interest === null && draft.mode === "known" && draft.holder !== null
      ? preview.asks?.holder === draft.holder.id
        ? preview.asks.requirements
        : null
      : null;
  const missing = asks?.filter((each) => !each.met).length ?? 0;
  const unmet = missing === 0 ? null : t.links.unmetOf(missing, asks?.length ?? 0);
  useFirstFault(element, busy);
  // The list of this insured's holders is newer than a draft that was put by.
  const contract = holders.find((each) => each.id === draft.holder?.id)?.contract_reference ?? null;

  function insert(text: string) {
    const before = description.trimEnd();
    change({ description: before === "" ? text : `${before}\n${text}` });
  }

  function whyNot(): string | null {
    if (revises === null) {
      if (!insured.may.includes("send_certificate")) return t.certificates.whyNot.resend;
    } else if (!revises.may.includes("revise")) {
      return t.certificates.whyNot.reviseOf[revises.state];
    }
    if (draft.master === null) return t.send.masterFirst;
    if (body === null) return draft.mode === "new" ? t.send.holderWhole : t.send.holderFirst;
    if (length > MAX_DESCRIPTION) return t.send.descriptionFirst;
    // Also what is not marked yet because somebody is writing in it.
    if (misnamed !== null || Object.keys(early.beside).length > 0) return t.send.markedFirst;
    if (blocking > 0) return t.send.resolve(blocking);
    if (unfinished.any) return t.send.recipientWrong;
    if (draft.to.length === 0) return t.send.recipientFirst;
    if (isTooHeavy(preview.enclosures, channel, draft.endorsements)) return t.attachments.fit;
    return check.waiting ? t.recipients.checking : null;
  }
  const reason = whyNot();

  /** Why no second person can be asked about what blocks; null when one can. */
  function whyNotAsk(): string | null {
    if (blocks.some((finding) => !finding.liftable)) return t.approvals.nobodyCan;
    if (waiting) return t.send.drawing;
    return draft.to.length === 0 ? t.send.recipientFirst : null;
  }

  function remedy(which: NonNullable<Remedy>, finding: Finding) {
    if (which === "edit_master" && draft.master !== null) {
      holdDraft(key);
      void navigate({ ...paths.master(insured.id, draft.master, here), ignoreBlocker: true });
    } else if (which === "edit_insured") {
      holdDraft(key);
      void navigate({ ...paths.editInsured(insured.id, here), ignoreBlocker: true });
    } else if (which === "to_policies") {
      holdDraft(key);
      void navigate({ ...paths.policies(insured.id), ignoreBlocker: true });
    } else if (which === "to_state_rules") {
      holdDraft(key);
      void navigate({ ...paths.stateRules(), ignoreBlocker: true });
    } else if (which === "describe") {
      const policy = policyOf(finding, master?.policies ?? [])?.number;
      if (policy !== undefined && finding.policy_value) {
        const sentence = t.findings.sentenceOf(policy, finding.policy_value);
        change({ description: withLine(description, sentence) });
      }
      words.current?.focus();
    } else if (which === "mend") {
      change({ description: mended(printed, finding) });
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
    setRefused(NO_FAULTS);
    try {
      const order = { ...body, undoable: true };
      const headers = { "Idempotency-Key": intent.key(order) };
      const { data } =
        revises === null
          ? await client.POST("/v1/insureds/{insured}/certificates", {
              params: { path: { insured: insured.id } },
              headers,
              body: order,
            })
          : await client.POST("/v1/certificates/{certificate}/revisions", {
              params: { path: { certificate: revises.id } },
              headers,
              body: order,
            });
      intent.settle();
      void invalidate(cache, "/v1/insureds/{insured}", { insured: insured.id });
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/home");
      if (data !== undefined) {
        const label = t.certificates.revision(data.number, data.revision);
        toastSent(data, t.send.queued(label, format.list([...draft.to, ...draft.cc])));
      }
      const next =
        revises === null || data === undefined
          ? paths.certificatesSent(insured.id)
          : paths.certificate(data.id);
      await navigate({ ...next, ignoreBlocker: true });
    } catch (thrown) {
      const trouble = problemOf(thrown);
      // Without an answer the certificate may have been issued; the same key finds out.
      intent.settle(trouble);
      setRefused(sendFaults(trouble, draft, t));
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
    // The fields inside take the focus; this only hears that one of them was left.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.decisions} onBlur={() => setWriting(null)}>
      {problem !== null ? (
        <ProblemAlert
          {...(revises === null ? null : certificateProblem(problem, revises, t))}
          problem={problem}
          fields={refused.homeless}
        />
      ) : narrow && pageProblem !== null ? (
        <ProblemAlert problem={pageProblem} fields={early.homeless} onRetry={preview.again} />
      ) : null}
      <section className={classes.step} aria-labelledby={ids.master}>
        <h2 id={ids.master}>{t.send.master}</h2>
        <MasterField
          masters={masters}
          master={master}
          onChoose={(id) =>
            update((last) =>
              withMaster(last, master ?? null, masters.find((each) => each.id === id) ?? null),
            )
          }
          error={errors["master_id"]}
          autoFocus={focusMaster}
        />
        {at("master")}
      </section>
      <section className={classes.step} aria-labelledby={ids.holder}>
        <h2 id={ids.holder}>{t.send.holder}</h2>
        {draft.interest === null ? (
          <HolderField
            used={holders}
            autoFocus={!focusMaster}
            mode={draft.mode}
            holder={draft.holder}
            newHolder={draft.newHolder}
            oneTime={draft.oneTime}
            onOneTime={(oneTime) => change({ oneTime })}
            onKnown={(holder) => update((last) => withHolder(last, { mode: "known", holder }))}
            onMode={(mode, searched) =>
              update((last) => {
                const { newHolder } = last;
                const named = newHolder.name === "" ? { ...newHolder, name: searched } : newHolder;
                return withHolder(last, mode === "new" ? { mode, newHolder: named } : { mode });
              })
            }
            onPick={(holder) => update((last) => withHolder(last, { holder }))}
            onNew={(newHolder, field) => update((last) => withHolder(last, { newHolder }), field)}
            errors={errors}
          />
        ) : (
          <InterestHolder
            interest={draft.interest}
            error={errors["holder.interest_id"]}
            wordings={preview.wordings}
            description={description}
            onInsert={insert}
            onAnother={() =>
              update((last) => ({
                ...withHolder(last, { interest: null }),
                // They spoke of the interest's own stake.
                description: null,
                additionalInsured: null,
                waiver: null,
              }))
            }
          />
        )}
        {at("holder")}
        {draft.holder !== null && asks !== null ? (
          <HolderAsks
            holder={draft.holder}
            requirements={asks}
            wordings={preview.wordings}
            onInsert={insert}
            onChange={(holder) => {
              holdDraft(key);
              void navigate({
                ...paths.editHolderLink(holder, insured.id, here),
                ignoreBlocker: true,
              });
            }}
          />
        ) : null}
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
          {at("marks")}
        </section>
      )}
      <section className={classes.step}>
        <h2>{t.send.description}</h2>
        <Textarea
          ref={words}
          aria-label={t.send.description}
          placeholder={t.send.descriptionHint}
          value={description}
          onChange={(event) => change({ description: event.currentTarget.value }, "description")}
          error={errors["description"]}
          autosize
          minRows={3}
          maxRows={12}
        />
        <div className={classes.words}>
          <InsertWording
            wordings={preview.wordings}
            known={preview.bytes !== null}
            onInsert={insert}
          />
          {draft.mode === "known" && contract !== null ? (
            <Button variant="default" size="compact-sm" onClick={() => insert(contract)}>
              {t.links.insertContract}
            </Button>
          ) : null}
          {draft.description !== null && draft.description !== master?.description ? (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconArrowBackUp size={14} aria-hidden />}
              onClick={() => change({ description: null })}
            >
              {t.send.asMaster}
            </Button>
          ) : null}
        </div>
        <TemplatePicker
          kind="description"
          insured={insured.id}
          policies={policies}
          holder={holderName}
          reference={contract ?? ""}
          onPick={({ body: text }) => {
            const before = draft.description?.trimEnd() ?? "";
            change({ description: before === "" ? text : `${before}\n${text}` });
          }}
        />
        {at("description")}
      </section>
      <section className={classes.step}>
        <h2>{t.send.recipients}</h2>
        <MailFields
          mail={{ ...draft, channel }}
          preferred={preferredOf(draft)}
          template={{ insured: insured.id, policies, holder: holderName }}
          onChange={change}
          unfinished={unfinished}
          suggestions={suggestions}
          errors={errors}
        />
        <EndorsementsField
          enclosures={preview.enclosures}
          channel={channel}
          value={draft.endorsements}
          onChange={(endorsements) => change({ endorsements })}
        />
        <Concerns concerns={check.concerns} failed={check.failed} />
        {at("recipients")}
      </section>
    </div>
  );

  const dialog =
    asking && body !== null ? (
      <AskApproval
        insured={insured.id}
        draft={{ ...body, description }}
        revises={revises?.id ?? null}
        findings={blocks}
        onClose={() => setAsking(false)}
        onAsked={() => void navigate({ ...paths.approvals("own"), ignoreBlocker: true })}
      />
    ) : null;

  // The dialog has a form of its own, whose submission must not reach this one.
  return (
    <>
      <form
        ref={element}
        noValidate
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason === null && !busy) void send();
        }}
      >
        <DraftGuard dirty={dirty} />
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
          {narrow && pane === "decide" ? null : (
            <div className={classes.sheet}>
              <PrintSheet
                preview={preview}
                decided={body !== null}
                waiting={waiting}
                problem={pageProblem}
                blocking={blocking}
                warnings={warnings}
                unmet={unmet}
              />
            </div>
          )}
        </div>
        <SendFoot
          to={draft.to}
          cc={draft.cc}
          channel={channel}
          revision={revises === null ? null : revises.revision + 1}
          busy={busy}
          reason={reason}
          passing={reason === t.recipients.checking}
          unmet={unmet}
          ask={
            blocking > 0 && body !== null
              ? { reason: whyNotAsk(), onAsk: () => setAsking(true) }
              : null
          }
        />
      </form>
      {dialog}
    </>
  );
}
