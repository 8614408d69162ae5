import "../../kit/fields.css";
import "../../kit/preview.css";
import { client } from "@countersign/api/client";
import { fileName } from "@countersign/api/file-name";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import { FactList } from "@countersign/ui/FactList";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { saveFile } from "@countersign/ui/save-file";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { AttachmentList } from "../../AttachmentList";
import { useMessages } from "../../messages/MessagesProvider";
import { type Gone, goneOf } from "./LinkGone";
import classes from "./LinkedCertificate.module.css";
import { LinkPage } from "./LinkPage";

type Attachment = components["schemas"]["CertificateAttachment"];

export interface LinkedCertificateProps {
  readonly certificate: components["schemas"]["LinkedCertificate"];
  readonly token: string;
  readonly onGone: (why: Gone) => void;
}

/** A certificate as whoever has its link sees it: what stands of it now first, then the page. */
export function LinkedCertificate({ certificate, token, onGone }: LinkedCertificateProps) {
  const t = useMessages();
  const format = useFormat();
  const { agency, number, revision, state } = certificate;
  const label = t.certificates.numberOf(number, revision);
  return (
    <LinkPage agency={agency} title={t.links.certificate(label)}>
      <Standing certificate={certificate} />
      <FactList
        facts={[
          { label: t.links.insured, value: certificate.insured_name },
          { label: t.links.holder, value: certificate.holder_name },
          { label: t.links.issued, value: format.longDate(certificate.issued_on) },
        ]}
      />
      {certificate.may.includes("view") ? (
        <Page certificate={certificate} token={token} onGone={onGone} />
      ) : null}
      <p className={classes.note}>
        {state === "issued" && certificate.cover_ended.length === 0
          ? t.links.today(agency.name)
          : null}{" "}
        {t.links.until(dayOf(certificate.expires_at, format))}
      </p>
    </LinkPage>
  );
}

/** The day of a moment, in the agency's zone. */
function dayOf(instant: string, format: Format): string {
  return format.longDate(format.today(Date.parse(instant)));
}

/** What stands of it now, which nobody may overlook. */
function Standing({ certificate }: Pick<LinkedCertificateProps, "certificate">) {
  const t = useMessages();
  const format = useFormat();
  const { agency, state, state_changed_at: since, replaced_by_revision: next } = certificate;
  const day = since ? dayOf(since, format) : "";
  const gone = certificate.replacement_withdrawn_at;
  const { cover_ended: ended, cover_ends_on: endsOn } = certificate;
  if (state === "issued" && ended.length > 0) {
    return (
      <div className={classes.standing} data-state="ended" role="alert">
        <p className={classes.word}>{t.links.standing.ended(format.date(endsOn))}</p>
        {ended.map(({ line, policy_number: policy, on, reason }) => (
          <p key={line} className={classes.why}>
            {t.links.endedBecause[reason](t.lines[line], policy, format.longDate(on))}
          </p>
        ))}
        <p className={classes.why}>{t.links.endedText(agency.name)}</p>
      </div>
    );
  }
  if (state === "issued") {
    return (
      <p className={classes.stands}>
        <StatusBadge tone="good" filled>
          {t.links.stands}
        </StatusBadge>
      </p>
    );
  }
  return (
    <div className={classes.standing} data-state={state} role="alert">
      <p className={classes.word}>{t.links.standing[state]}</p>
      <p className={classes.why}>
        {state === "withdrawn"
          ? t.links.withdrawnText(agency.name, day)
          : gone
            ? t.links.replacementWithdrawnText(agency.name, next ?? 0, dayOf(gone, format))
            : t.links.supersededText(agency.name, next ?? 0, day)}
      </p>
    </div>
  );
}

function Page({ certificate, token, onGone }: LinkedCertificateProps) {
  const t = useMessages();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { attachments, number, state } = certificate;

  const told = useCallback(
    (thrown: unknown) => {
      const why = goneOf(thrown);
      if (why === null) setProblem(problemOf(thrown));
      else onGone(why);
    },
    [onGone],
  );

  const load = useCallback(() => {
    let current = true;
    client
      .POST("/v1/certificate-links/view", { body: { token }, parseAs: "arrayBuffer" })
      .then(({ data }) => {
        if (current && data !== undefined) setBytes(new Uint8Array(data));
      })
      .catch((thrown: unknown) => {
        if (current) told(thrown);
      });
    return () => {
      current = false;
    };
  }, [token, told]);
  useEffect(load, [load]);

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const { data, response } = await client.POST("/v1/certificate-links/download", {
        body: { token },
        parseAs: "blob",
      });
      if (data !== undefined) {
        const name = fileName(response) ?? `Certificate-${number}.pdf`;
        saveFile(data, state === "issued" ? name : `Replaced-${name}`);
      }
    } catch (thrown) {
      told(thrown);
    } finally {
      setBusy(false);
    }
  }

  const loadAttachment = useCallback(
    async ({ ordinal }: Attachment) => {
      const { data } = await client.POST("/v1/certificate-links/attachment", {
        body: { token, ordinal },
        parseAs: "blob",
      });
      if (data === undefined) throw new Error("the server answered without a file");
      return data;
    },
    [token],
  );

  async function saveAttachment(file: Attachment) {
    setProblem(null);
    try {
      saveFile(await loadAttachment(file), file.file_name);
    } catch (thrown) {
      told(thrown);
    }
  }

  return (
    <>
      {problem === null ? null : (
        <ProblemAlert
          problem={problem}
          onRetry={() => {
            setProblem(null);
            if (bytes === null) load();
          }}
        />
      )}
      <div className={classes.actions}>
        <Button
          size="md"
          loading={busy}
          variant={state === "issued" ? "filled" : "default"}
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={() => void save()}
        >
          {state === "issued" ? t.certificates.download : t.links.downloadReplaced}
        </Button>
      </div>
      <div className={classes.page}>
        <PdfPreview bytes={bytes} label={t.certificates.named(number)} />
      </div>
      {attachments.length === 0 ? null : (
        <div className={classes.files}>
          <h2 className={classes.filesTitle}>{t.certificates.endorsements}</h2>
          <AttachmentList files={attachments} load={loadAttachment} onSave={saveAttachment} />
        </div>
      )}
    </>
  );
}
