import { GuardedButton } from "@countersign/ui/GuardedButton";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Kbd } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./SendCertificate.module.css";
import type { SendDraft } from "./send-draft";

export interface SendFootProps {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly channel: NonNullable<SendDraft["channel"]>;
  /** The revision that goes out; null for a first sending. */
  readonly revision: number | null;
  readonly busy: boolean;
  /** Why it cannot be sent; null when it can. */
  readonly reason: string | null;
  /** The reason is gone in a moment by itself. */
  readonly passing: boolean;
  /** What the holder asks for and does not get. */
  readonly unmet: string | null;
  /** Asks a second person about what blocks, or says why nobody can be asked; null where nothing blocks. */
  readonly ask: { readonly reason: string | null; readonly onAsk: () => void } | null;
}

/** Who receives it and how, or why nobody does yet, beside the one button that sends it. */
export function SendFoot({
  to,
  cc,
  channel,
  revision,
  busy,
  reason,
  passing,
  unmet,
  ask,
}: SendFootProps) {
  const t = useMessages();
  const format = useFormat();
  const os = useOs();
  const who = [...to, ...cc];
  const goesTo =
    to.length === 0
      ? t.send.nobodyYet
      : (channel === "link" ? t.send.linkedTo : t.send.mailedTo)(format.list(who));
  // Not only where a mouse can rest. What passes by itself would only flicker here.
  const held = reason !== null && !passing && !busy;
  return (
    <div className={classes.foot}>
      <p className={classes.who} data-held={held || undefined}>
        {held ? reason : goesTo}
      </p>
      {unmet === null ? null : <StatusBadge tone="bad">{unmet}</StatusBadge>}
      <div className={classes.acts}>
        {ask === null ? null : (
          <GuardedButton
            variant="default"
            reason={busy ? null : ask.reason}
            onClick={() => ask.onAsk()}
          >
            {t.approvals.ask}
          </GuardedButton>
        )}
        <Kbd className={classes.keys ?? ""} aria-hidden>
          {os === "macos" ? t.keys.sendMac : t.keys.send}
        </Kbd>
        <GuardedButton type="submit" reason={busy ? null : reason} loading={busy}>
          {revision === null ? t.send.send(who.length) : t.send.sendRevision(revision, who.length)}
        </GuardedButton>
      </div>
    </div>
  );
}
