import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FactList } from "@countersign/ui/FactList";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { certificateQuery } from "../../insured";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./ApprovalPage.module.css";
import { ApprovalStateBadge } from "./ApprovalStateBadge";
import { Attachments } from "./Attachments";
import { Decide } from "./Decide";
import { Findings } from "./Findings";
import { GoingFiles } from "./GoingFiles";

type Approval = components["schemas"]["Approval"];

export interface ApprovalPageProps {
  readonly approval: Approval;
  /** Reads the request anew, when what was looked at is not what is there any more. */
  readonly onLookAgain: () => void;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** A certificate that is blocked, as it would be sent now, and the decision about it. */
export function ApprovalPage({ approval, onLookAgain }: ApprovalPageProps) {
  const t = useMessages();
  const format = useFormat();
  const a = t.approvals;
  const [deciding, setDeciding] = useState<"approve" | "decline" | null>(null);
  const { page, decision, draft } = approval;
  const base64 = page?.pdf_base64;
  const bytes = useMemo(() => (base64 === undefined ? null : decode(base64)), [base64]);
  const findings = page?.findings ?? approval.findings;
  const waits = approval.state === "waiting";
  const leftOut = draft.attach_endorsements === false;
  const going = leftOut ? [] : (page?.enclosures?.endorsements ?? []);
  // What was decided stands with the certificate; the request itself keeps no page and no files.
  const issued = useQuery({
    ...certificateQuery(decision?.certificate_id ?? ""),
    enabled: decision?.certificate_id != null,
  }).data;
  // What was asked without a word about it goes as the holder prefers when it is sent.
  const channel = page?.channel ?? draft.channel;
  const mayNot = approval.own ? a.own : a.mayNot;
  const whyNotApprove = !approval.may.includes("approve")
    ? mayNot
    : page === undefined || page === null
      ? (approval.gone ?? a.noPage)
      : null;
  return (
    <div className={classes.columns} data-decided={!waits || undefined}>
      {waits ? (
        <div className={classes.sheet}>
          {bytes === null ? (
            <div className={classes.blank}>
              <EmptyState title={a.noPage}>{approval.gone}</EmptyState>
            </div>
          ) : (
            <PdfPreview bytes={bytes} label={t.send.pageLabel}>
              <span className={classes.soft}>{a.asItIsNow}</span>
            </PdfPreview>
          )}
        </div>
      ) : null}
      <div className={classes.side}>
        {decision ? (
          <div className={classes.decision} data-state={approval.state} role="note">
            <ApprovalStateBadge state={approval.state} />
            <p>{t.certificates.whenByWho(format.moment(decision.at), decision.by_name)}</p>
            <p className={classes.text}>{decision.reason}</p>
            {decision.certificate_id ? (
              <LinkAnchor {...paths.certificate(decision.certificate_id)}>
                {a.toCertificate(
                  issued === undefined
                    ? ""
                    : t.certificates.revision(issued.number, issued.revision),
                )}
              </LinkAnchor>
            ) : (
              <LinkAnchor {...paths.sendAgain(approval)}>{a.takeUp}</LinkAnchor>
            )}
          </div>
        ) : null}
        <Section
          title={a.request}
          actions={
            waits ? (
              <>
                <GuardedButton
                  variant="default"
                  size="xs"
                  reason={approval.may.includes("decline") ? null : mayNot}
                  onClick={() => setDeciding("decline")}
                >
                  {a.decline}
                </GuardedButton>
                <GuardedButton
                  size="xs"
                  reason={whyNotApprove}
                  onClick={() => setDeciding("approve")}
                >
                  {a.approve}
                </GuardedButton>
              </>
            ) : null
          }
        >
          <FactList
            facts={[
              { label: t.certificates.state, value: <ApprovalStateBadge state={approval.state} /> },
              {
                label: a.askedBy,
                value: t.certificates.whenByWho(
                  format.moment(approval.asked_at),
                  approval.asked_by_name,
                ),
              },
              { label: a.note, value: <span className={classes.text}>{approval.note}</span> },
              {
                label: t.certificates.insured,
                value: (
                  <LinkAnchor {...paths.insured(approval.insured_id)}>
                    {approval.insured_name}
                  </LinkAnchor>
                ),
              },
              { label: t.certificates.holder, value: approval.holder_name },
              { label: t.certificates.master, value: approval.master_name },
              {
                label: a.revises,
                value: approval.revises ? (
                  <LinkAnchor {...paths.certificate(approval.revises)}>{a.revisesWhich}</LinkAnchor>
                ) : null,
              },
              { label: t.certificates.to, value: format.list(draft.recipients.to) },
              { label: t.certificates.cc, value: format.list(draft.recipients.cc ?? []) },
              { label: t.channels.label, value: channel ? t.channels.named[channel] : null },
              ...(leftOut ? [{ label: t.attachments.goes, value: t.attachments.leftOut }] : []),
              {
                label: t.certificates.message,
                value: draft.message ? <span className={classes.text}>{draft.message}</span> : null,
              },
              {
                label: t.certificates.description,
                value: draft.description ? (
                  <span className={classes.text}>{draft.description}</span>
                ) : null,
              },
            ]}
          />
        </Section>
        {going.length === 0 ? null : (
          <Section title={t.attachments.goes}>
            <GoingFiles insured={approval.insured_id} endorsements={going} />
          </Section>
        )}
        {issued === undefined || issued.attachments.length === 0 ? null : (
          <Section title={t.attachments.went}>
            <Attachments certificate={issued} />
          </Section>
        )}
        <Section title={waits ? a.findingsNow : a.findingsThen}>
          <Findings findings={findings} description={draft.description ?? ""} />
        </Section>
      </div>
      {deciding === null ? null : (
        <Decide
          approval={approval}
          how={deciding}
          onClose={() => setDeciding(null)}
          onLookAgain={() => {
            setDeciding(null);
            onLookAgain();
          }}
        />
      )}
    </div>
  );
}
