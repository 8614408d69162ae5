import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { isEmailAddress } from "@countersign/ui/email";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NO_FAULTS, shareFaults } from "./field-faults";
import { useMessages } from "./messages/MessagesProvider";
import { Concerns } from "./Concerns";
import { useRecipientCheck } from "./use-recipient-check";

/** A certificate or a courtesy notice that came back. */
export interface MailBack {
  readonly kind: "certificate" | "notice";
  /** The number of the certificate, or of the policy that the notice is about. */
  readonly number: string;
  readonly holder: string;
  /** The address that it came back from. */
  readonly address: string;
}

export interface SettleTaskProps {
  readonly task: string;
  readonly insured: string;
  readonly back: MailBack;
  readonly onClose: () => void;
}

/** The right address in the place of the one that mail came back from; the mail goes there in the same act. */
export function SettleTask({ task, insured, back, onClose }: SettleTaskProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [intent] = useState(() => new Intent());
  const [address, setAddress] = useState(back.address);
  const [{ beside: errors, homeless }, setFaults] = useState(NO_FAULTS);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);

  const right = address.trim();
  const whole = isEmailAddress(right) && right !== back.address;
  const check = useRecipientCheck(whole ? [right] : [], [], null);

  async function send() {
    if (right === "" || right === back.address) {
      const fault = right === "" ? t.tasks.addressMissing : t.tasks.addressSame;
      setFaults({ beside: { address: fault }, homeless: [] });
      return;
    }
    setBusy(true);
    setProblem(null);
    setFaults(NO_FAULTS);
    const body = { address: right };
    try {
      await client.POST("/v1/tasks/{task}/settle", {
        params: { path: { task } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      void invalidate(cache, "/v1/tasks");
      void invalidate(cache, "/v1/home");
      void invalidate(cache, "/v1/certificates");
      void invalidate(cache, "/v1/holders");
      void invalidate(cache, "/v1/policies/{policy}");
      void invalidate(cache, "/v1/insureds/{insured}", { insured });
      toastDone(t.tasks.sent(t.tasks.mail(back), right));
      onClose();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setFaults(shareFaults(trouble, (field) => field === "address", t));
      setProblem(trouble);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t.tasks.fix}
      submitLabel={t.tasks.send}
      busy={busy}
      disabled={check.waiting || problem?.slug === "task_settled"}
      dirty={address !== back.address}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={problem === null ? null : { problem, fields: homeless }}
    >
      <Text component="p" m={0}>
        {t.tasks.fixText(back)}
      </Text>
      <TextInput
        type="email"
        label={t.tasks.newAddress}
        value={address}
        onChange={(event) => {
          setAddress(event.currentTarget.value);
          setFaults(NO_FAULTS);
        }}
        error={errors["address"]}
        autoComplete="off"
        withAsterisk
        data-autofocus
      />
      <Concerns concerns={check.concerns} failed={check.failed} />
    </FormDialog>
  );
}
