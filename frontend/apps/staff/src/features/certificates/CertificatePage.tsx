import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { sentence } from "@countersign/ui/sentence";
import { toastProblem } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { IconDownload } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Attachments } from "./Attachments";
import { CertificateDialogs } from "./CertificateDialogs";
import classes from "./CertificatePage.module.css";
import { CertificateStanding } from "./CertificateStanding";
import { CoverEnded } from "./CoverEnded";
import { Deliveries } from "./Deliveries";
import { downloadCertificate, viewCertificate } from "./download-certificate";
import { Findings } from "./Findings";
import { Hash } from "./Hash";
import { NotResendable } from "./NotResendable";
import { liftedBy } from "./lifted";
import { Overrides } from "./Overrides";
import { Revisions } from "./Revisions";
import type { RowDialog } from "./RowActions";
import { WentToNobody } from "./WentToNobody";

export interface CertificatePageProps {
  readonly certificate: components["schemas"]["Certificate"];
  /** Who did what with it. */
  readonly history: ReactNode;
}

/** One issued certificate: the page, its fingerprint, every mail that carried it, and its revisions. */
export function CertificatePage({ certificate, history }: CertificatePageProps) {
  const t = useMessages();
  const format = useFormat();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [open, setOpen] = useState<RowDialog | null>(null);
  const mayLook = certificate.may.includes("preview");
  const mayDownload = certificate.may.includes("download");
  const resend = certificate.may.includes("resend")
    ? certificate.resend_refused
      ? sentence(certificate.resend_refused)
      : null
    : t.certificates.whyNot.resendOf[certificate.state];

  useEffect(() => {
    if (!mayLook) return;
    let current = true;
    viewCertificate(certificate.id)
      .then((page) => {
        if (current) setBytes(page);
      })
      .catch((thrown: unknown) => {
        if (current) setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [certificate.id, mayLook, attempt]);

  const download = (
    <GuardedButton
      variant="default"
      size="xs"
      reason={mayDownload ? null : t.certificates.whyNot.look}
      leftSection={<IconDownload size={15} />}
      onClick={() => {
        downloadCertificate(certificate).catch((thrown: unknown) =>
          toastProblem(problemOf(thrown)),
        );
      }}
    >
      {t.certificates.download}
    </GuardedButton>
  );
  return (
    <div className={classes.columns}>
      <div className={classes.sheet}>
        {mayLook && problem === null ? (
          <PdfPreview bytes={bytes} label={t.certificates.named(certificate.number)}>
            {download}
          </PdfPreview>
        ) : (
          <div className={classes.unseen}>
            {problem === null ? (
              <p>{t.certificates.whyNot.look}</p>
            ) : (
              <ProblemAlert
                problem={problem}
                onRetry={() => {
                  setProblem(null);
                  setAttempt((last) => last + 1);
                }}
              />
            )}
            {download}
          </div>
        )}
      </div>
      <div className={classes.side}>
        {certificate.withdrawal ? (
          <div className={classes.withdrawn} role="note">
            <CertificateStanding row={certificate} />
            <p>
              {t.certificates.whenByWho(
                format.moment(certificate.withdrawal.at),
                certificate.withdrawal.by_name,
              )}
            </p>
            {certificate.withdrawal.reason ? (
              <p className={classes.text}>{certificate.withdrawal.reason}</p>
            ) : null}
          </div>
        ) : certificate.superseded_by ? (
          <div className={classes.superseded} role="note">
            <CertificateStanding row={certificate} />
          </div>
        ) : (
          <CoverEnded certificate={certificate} />
        )}
        <Section
          title={t.deliveries.title}
          actions={
            <>
              <GuardedButton
                variant="default"
                size="xs"
                reason={resend}
                onClick={() => setOpen("edited")}
              >
                {t.certificates.resendEdited}
              </GuardedButton>
              <GuardedButton size="xs" reason={resend} onClick={() => setOpen("exact")}>
                {t.certificates.resendExact}
              </GuardedButton>
            </>
          }
        >
          {certificate.may.includes("resend") && certificate.resend_refused ? (
            <NotResendable reason={certificate.resend_refused} certificate={certificate} />
          ) : null}
          <WentToNobody certificate={certificate} />
          <Deliveries certificate={certificate.id} deliveries={certificate.deliveries} />
        </Section>
        <Section
          title={t.certificates.details}
          actions={
            <>
              <GuardedButton
                variant="default"
                color="red"
                size="xs"
                reason={
                  certificate.may.includes("withdraw")
                    ? null
                    : t.certificates.whyNot.withdrawOf[certificate.state]
                }
                onClick={() => setOpen("withdraw")}
              >
                {t.certificates.withdraw}
              </GuardedButton>
              {certificate.may.includes("revise") ? (
                <LinkButton
                  {...paths.reviseCertificate(certificate.insured_id, certificate.id)}
                  variant="default"
                  size="xs"
                >
                  {t.certificates.revise}
                </LinkButton>
              ) : (
                <GuardedButton
                  variant="default"
                  size="xs"
                  reason={t.certificates.whyNot.reviseOf[certificate.state]}
                >
                  {t.certificates.revise}
                </GuardedButton>
              )}
            </>
          }
        >
          <FactList
            facts={[
              {
                label: t.certificates.insured,
                value: (
                  <LinkAnchor {...paths.insured(certificate.insured_id)}>
                    {certificate.insured_name}
                  </LinkAnchor>
                ),
              },
              { label: t.certificates.holder, value: certificate.holder_name },
              {
                label: t.certificates.issued,
                value: t.certificates.issuedBy(
                  format.moment(certificate.issued_at),
                  certificate.sent_by_name,
                  certificate.source,
                ),
              },
              {
                label: t.certificates.master,
                value: (
                  <LinkAnchor {...paths.master(certificate.insured_id, certificate.master.id)}>
                    {certificate.master.name}
                  </LinkAnchor>
                ),
              },
              ...(certificate.batch_id
                ? [
                    {
                      label: t.batches.partOf,
                      value: (
                        <LinkAnchor {...paths.batch(certificate.batch_id)}>
                          {t.batches.kinds.bulk}
                        </LinkAnchor>
                      ),
                    },
                  ]
                : []),
              ...(certificate.interest_id && certificate.interest_nature
                ? [
                    {
                      label: t.interests.sentTo,
                      value: (
                        <LinkAnchor
                          {...paths.interest(certificate.insured_id, certificate.interest_id)}
                        >
                          {t.interests.natures[certificate.interest_nature]}
                        </LinkAnchor>
                      ),
                    },
                  ]
                : []),
              {
                label: t.certificates.state,
                value: <CertificateStanding row={certificate} />,
              },
              {
                label: t.certificates.numberAndRevision,
                value: t.certificates.revision(certificate.number, certificate.revision),
              },
              {
                label: t.certificates.file,
                value: t.certificates.fileSize(
                  format.bytes(certificate.size_bytes),
                  certificate.pages,
                ),
              },
              {
                label: t.certificates.fileHash,
                value: (
                  <Hash
                    name={t.certificates.fileHash}
                    value={certificate.sha256}
                    check={t.certificates.fileHashCheck}
                  />
                ),
              },
              {
                label: t.certificates.fingerprint,
                value: (
                  <Hash
                    name={t.certificates.fingerprint}
                    value={certificate.fingerprint}
                    check={t.certificates.fingerprintCheck(
                      certificate.fingerprint.slice(0, 8),
                      certificate.fingerprint.slice(-8),
                    )}
                  />
                ),
              },
              {
                label: t.certificates.description,
                value: certificate.description_of_operations ? (
                  <span className={classes.text}>{certificate.description_of_operations}</span>
                ) : null,
              },
            ]}
          />
        </Section>
        {certificate.attachments.length === 0 ? null : (
          <Section title={t.attachments.went}>
            <Attachments certificate={certificate} />
          </Section>
        )}
        {certificate.revisions.length < 2 ? null : (
          <Section title={t.certificates.revisions}>
            <Revisions current={certificate.id} revisions={certificate.revisions} />
          </Section>
        )}
        {certificate.overrides.length === 0 ? null : (
          <Section title={t.approvals.overrides} note={t.approvals.overridesText}>
            <Overrides overrides={certificate.overrides} />
          </Section>
        )}
        {certificate.findings.length === 0 ? null : (
          <Section
            title={t.certificates.findingsThen}
            note={
              certificate.overrides.length === 0
                ? t.certificates.findingsThenText
                : t.certificates.findingsThenLifted
            }
          >
            <Findings
              findings={certificate.findings}
              description={certificate.description_of_operations ?? ""}
              liftedBy={(finding) => liftedBy(finding, certificate.overrides)}
            />
          </Section>
        )}
        {history}
      </div>
      <CertificateDialogs
        open={open === null ? null : { dialog: open, row: certificate }}
        onClose={() => setOpen(null)}
      />
    </div>
  );
}
