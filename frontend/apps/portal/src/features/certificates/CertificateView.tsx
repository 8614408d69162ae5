import "../../kit/menus.css";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconDownload, IconEye, IconSend2 } from "@tabler/icons-react";
import { useState } from "react";
import { download } from "../../certificate-page";
import { CoverEnded } from "../../CoverEnded";
import { DeliveryBadge } from "../../DeliveryBadge";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { paths } from "../../paths";
import { Attachments } from "./Attachments";
import classes from "./CertificateView.module.css";
import { whyNotAgain } from "./why-not-again";

export interface CertificateViewProps {
  readonly certificate: components["schemas"]["Certificate"];
  readonly onAgain: () => void;
}

/** One certificate: what it is, what one can do with it, and where its mails are. */
export function CertificateView({ certificate, onAgain }: CertificateViewProps) {
  const t = useMessages();
  const format = useFormat();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { number, revision, state } = certificate;

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await download(certificate);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div className={classes.actions}>
        <LinkButton
          {...paths.certificatePage(certificate.id)}
          size="md"
          leftSection={<IconEye size={20} aria-hidden />}
        >
          {t.certificates.preview}
        </LinkButton>
        <Button
          variant="default"
          size="md"
          loading={busy}
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={() => void save()}
        >
          {t.certificates.download}
        </Button>
        <GuardedButton
          variant="default"
          size="md"
          reason={whyNotAgain(certificate, t)}
          leftSection={<IconSend2 size={20} aria-hidden />}
          onClick={onAgain}
        >
          {t.certificates.sendAgain}
        </GuardedButton>
      </div>
      {problem === null ? null : <ProblemAlert problem={problem} />}
      {state === "issued" ? null : (
        <p className={classes.state}>
          <StatusBadge tone="quiet" filled>
            {t.certificates.states[state]}
          </StatusBadge>
        </p>
      )}
      {state === "issued" && certificate.cover_ended.length > 0 ? (
        <div className={classes.ended} role="note">
          <CoverEnded row={certificate} />
          {certificate.cover_ended.map(({ line, policy_number: policy, on, reason }) => (
            <p key={line}>
              {t.certificates.endedBecause[reason](t.lines[line], policy, format.longDate(on))}
            </p>
          ))}
        </div>
      ) : null}
      <FactList
        facts={[
          { label: t.certificates.number, value: t.certificates.numberOf(number, revision) },
          { label: t.certificates.issued, value: format.longDate(certificate.issued_on) },
          { label: t.certificates.master, value: certificate.master.name },
          ...(certificate.description_of_operations
            ? [
                {
                  label: t.certificates.description,
                  value: (
                    <span className={classes.description}>
                      {certificate.description_of_operations}
                    </span>
                  ),
                },
              ]
            : []),
          { label: t.certificates.sentBy, value: certificate.sent_by_name },
        ]}
      />
      {certificate.attachments.length === 0 ? null : (
        <div className={classes.deliveries}>
          <Part title={t.certificates.endorsements}>
            <Attachments certificate={certificate} />
          </Part>
        </div>
      )}
      <div className={classes.deliveries}>
        <Part title={t.certificates.deliveries}>
          {certificate.deliveries.length === 0 ? <p>{t.certificates.notMailed}</p> : null}
          <ol className={classes.list}>
            {certificate.deliveries.map((delivery) => (
              <li key={delivery.id} className={classes.delivery}>
                <DeliveryBadge
                  delivery={{ ...delivery, undone: delivery.undone_by_name != null }}
                />
                <span>{t.certificates.deliveryTo(format.list(delivery.to))}</span>
                {delivery.cc.length === 0 ? null : (
                  <span>{t.certificates.deliveryCopy(format.list(delivery.cc))}</span>
                )}
                <span className={classes.soft}>
                  {t.certificates.deliveryBy(
                    delivery.requested_by_name,
                    format.moment(delivery.queued_at),
                  )}
                  {delivery.may_have_arrived_twice ? ` ${t.certificates.twice}` : ""}
                </span>
                {delivery.last_error && delivery.state !== "accepted" ? (
                  <span className={classes.soft}>{delivery.last_error}</span>
                ) : null}
              </li>
            ))}
          </ol>
        </Part>
      </div>
    </>
  );
}
