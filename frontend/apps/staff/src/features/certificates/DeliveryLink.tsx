import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Deliveries.module.css";

export interface DeliveryLinkProps {
  readonly certificate: string;
  readonly delivery: components["schemas"]["Delivery"];
}

/** The link that a mail carried: until when it works, and the way to end that before. */
export function DeliveryLink({ certificate, delivery }: DeliveryLinkProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { link } = delivery;
  if (!link) return null;
  const until = format.date(format.today(Date.parse(link.expires_at)));
  const opened = delivery.timeline.some((step) => step.state === "link_opened");

  async function turnOff() {
    setBusy(true);
    setProblem(null);
    try {
      await client.POST("/v1/certificates/{certificate}/deliveries/{delivery}/turn-off-link", {
        params: { path: { certificate, delivery: delivery.id } },
        headers: { "Idempotency-Key": intent.key(delivery.id) },
      });
      intent.settle();
      toastDone(t.channels.turnedOffNow);
      setAsking(false);
      await invalidate(cache, "/v1/certificates");
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={classes.link}>
      <span>
        {link.state === "on"
          ? t.channels.on(until)
          : link.state === "expired"
            ? t.channels.expired(until)
            : t.channels.off(link.turned_off_by_name ?? "")}
      </span>
      {link.may.includes("turn_off") ? (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={t.channels.turnOffOf(format.list(delivery.to))}
          onClick={() => setAsking(true)}
        >
          {t.channels.turnOff}
        </Button>
      ) : null}
      <ConfirmDialog
        opened={asking}
        onClose={() => {
          setAsking(false);
          setProblem(null);
        }}
        onConfirm={() => void turnOff()}
        title={t.channels.turnOffTitle}
        confirmLabel={t.channels.turnOff}
        danger
        busy={busy}
        problem={problem === null ? null : { problem }}
      >
        <Text component="p" m={0}>
          {t.channels.turnOffText(format.list([...delivery.to, ...delivery.cc]))}
        </Text>
        <Text component="p" m={0} mt={8}>
          {opened ? t.channels.wasOpened : t.channels.neverOpened}
        </Text>
      </ConfirmDialog>
    </div>
  );
}
