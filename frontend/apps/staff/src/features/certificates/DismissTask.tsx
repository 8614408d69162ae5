import { client } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { toastDone } from "@countersign/ui/toast";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMessages } from "../../messages/MessagesProvider";
import { ReasonDialog } from "./ReasonDialog";

export interface DismissTaskProps {
  readonly task: components["schemas"]["Task"];
  readonly onClose: () => void;
}

/** Nothing is done about mail that came back; why is asked for, and stands in the history. */
export function DismissTask({ task, onClose }: DismissTaskProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const what = t.tasks.nameOf(task.about, task.insured_name);

  async function dismiss(reason: string, key: (body: unknown) => string) {
    const body = { reason };
    await client.POST("/v1/tasks/{task}/dismiss", {
      params: { path: { task: task.id } },
      headers: { "Idempotency-Key": key(body) },
      body,
    });
    void invalidate(cache, "/v1/tasks");
    void invalidate(cache, "/v1/certificates");
    toastDone(t.tasks.dismissed(what));
    onClose();
  }

  return (
    <ReasonDialog
      act={t.tasks.dismiss}
      label={t.tasks.dismissReason}
      hint={t.tasks.dismissHint}
      missing={t.tasks.dismissMissing}
      field="reason"
      onClose={onClose}
      onSubmit={dismiss}
      refusal={(problem) => ({ problem: { problem }, final: problem.slug === "task_settled" })}
    >
      <Text component="p" m={0}>
        {"address" in task.about ? t.tasks.dismissText(what, task.about.address) : null}
      </Text>
    </ReasonDialog>
  );
}
