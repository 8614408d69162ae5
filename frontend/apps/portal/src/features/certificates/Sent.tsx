import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { useFormat } from "@countersign/ui/UiProvider";
import { IconAlertTriangle, IconCheck, IconMail } from "@tabler/icons-react";
import { ActionBar } from "../../ActionBar";
import { type AgencyCard } from "../../agency";
import { DeliveryBadge, isMoving } from "../../DeliveryBadge";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Screen } from "../../Screen";
import classes from "./Sent.module.css";

export interface SentProps {
  readonly certificate: components["schemas"]["Certificate"];
  readonly agency: Pick<AgencyCard, "name">;
}

/** The end of the three steps: the number, and how far the mail got. */
export function Sent({ certificate, agency }: SentProps) {
  const t = useMessages();
  const format = useFormat();
  const { delivery } = certificate;
  const words = t.certificates.sent;
  // With the copies: everybody whom the button counted.
  const [sending] = certificate.deliveries;
  const names = format.list([...(sending?.to ?? []), ...(sending?.cc ?? [])]);
  const accepted = delivery?.state === "accepted";
  const trouble = !accepted && !isMoving(delivery);
  const said = accepted
    ? words.accepted(names, format.clock(delivery.at))
    : delivery?.state === "deferred"
      ? words.deferred(names)
      : trouble
        ? words.failed(names, agency.name)
        : words.waiting(names);
  return (
    <Screen title={accepted ? words.titleSent : trouble ? words.titleTrouble : words.title}>
      <div className={classes.state} data-tone={accepted ? "good" : trouble ? "bad" : "pending"}>
        <span className={classes.sign}>
          {accepted ? (
            <IconCheck size={30} stroke={2.4} aria-hidden />
          ) : trouble ? (
            <IconAlertTriangle size={28} stroke={2} aria-hidden />
          ) : (
            <IconMail size={28} stroke={1.8} aria-hidden />
          )}
        </span>
        <p className={classes.said} role="status">
          {said}
        </p>
      </div>
      <FactList
        facts={[
          {
            label: words.numbered,
            value: <strong>{certificate.number}</strong>,
          },
          { label: words.forWhom, value: certificate.holder_name },
          { label: words.delivery, value: <DeliveryBadge delivery={delivery ?? null} /> },
        ]}
      />
      <div className={classes.links}>
        <LinkButton {...paths.certificate(certificate.id)} variant="default" size="md">
          {words.look}
        </LinkButton>
      </div>
      <div data-task>
        <ActionBar>
          <LinkButton {...paths.send()} variant="default" size="lg">
            {words.another}
          </LinkButton>
          <LinkButton {...paths.home()} size="lg">
            {words.home}
          </LinkButton>
        </ActionBar>
      </div>
    </Screen>
  );
}
