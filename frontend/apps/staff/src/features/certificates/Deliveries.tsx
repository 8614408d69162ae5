import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Deliveries.module.css";
import { DeliveryLink } from "./DeliveryLink";
import { DeliveryBadge } from "../../DeliveryBadge";

export interface DeliveriesProps {
  readonly certificate: string;
  readonly deliveries: readonly components["schemas"]["Delivery"][];
}

/**
 * Every mail of one certificate, newest first, each with all that happened to it; addresses that were
 * wrong stay in the history.
 */
export function Deliveries({ certificate, deliveries }: DeliveriesProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <ol className={classes.list}>
      {deliveries
        .toSorted((a, b) => b.queued_at.localeCompare(a.queued_at))
        .map((delivery) => (
          <li key={delivery.id} className={classes.delivery}>
            <div className={classes.head}>
              <span className={classes.kind}>{t.deliveries.kinds[delivery.kind]}</span>
              <DeliveryBadge
                delivery={{ ...delivery, undone: delivery.undone_by_name != null }}
                at={delivery.accepted_at ?? delivery.queued_at}
              />
            </div>
            <div>{t.deliveries.toWhom(format.list(delivery.to))}</div>
            {delivery.cc.length === 0 ? null : (
              <div className={classes.soft}>{t.deliveries.copyTo(format.list(delivery.cc))}</div>
            )}
            <div className={classes.soft}>{t.deliveries.subject(delivery.subject)}</div>
            {delivery.message ? <p className={classes.message}>{delivery.message}</p> : null}
            <div className={classes.soft}>
              {t.deliveries.askedBy(delivery.requested_by_name)}
              {delivery.attempts > 1 ? ` · ${t.deliveries.attempts(delivery.attempts)}` : ""}
            </div>
            <DeliveryLink certificate={certificate} delivery={delivery} />
            <ol className={classes.steps} aria-label={t.deliveries.timeline}>
              {delivery.timeline.map((step) => (
                <li
                  key={`${step.state} ${step.at} ${step.recipient ?? ""}`}
                  className={classes.step}
                >
                  <time dateTime={step.at}>{format.moment(step.at)}</time>
                  <span>
                    {step.state === "undone" && delivery.undone_by_name
                      ? t.deliveries.undoneBy(delivery.undone_by_name)
                      : t.deliveries.steps[step.state]}
                    {step.recipient ? ` ${t.deliveries.at(step.recipient)}` : ""}
                    {step.reason ? (
                      <span className={classes.error}>{` – ${step.reason}`}</span>
                    ) : null}
                  </span>
                </li>
              ))}
            </ol>
            {delivery.may_have_arrived_twice ? (
              <div className={classes.soft}>{t.deliveries.maybeTwice}</div>
            ) : null}
          </li>
        ))}
    </ol>
  );
}
