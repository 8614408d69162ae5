import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "./messages/MessagesProvider";

export interface ExpiryProps {
  readonly date: string | null | undefined;
  /** The day on which a cancellation ends it, where one is ahead. */
  readonly cancels?: string | null | undefined;
  /** It is the day on which a cancellation ended it, and not the end of a term. */
  readonly cancelled?: boolean;
}

/** An expiration date; what ends within 30 days, is cancelled before, or has ended, says so. */
export function Expiry({ date, cancels = null, cancelled = false }: ExpiryProps) {
  const t = useMessages();
  const format = useFormat();
  if (!date) return <span style={{ color: "var(--cs-ink-soft)" }}>–</span>;
  if (cancels) {
    return (
      <StatusBadge tone="warn">
        <time dateTime={cancels}>{t.policies.cancelsOn(format.date(cancels))}</time>
      </StatusBadge>
    );
  }
  const days = format.daysUntil(date);
  const text = <time dateTime={date}>{format.date(date)}</time>;
  if (days > 30) return text;
  const ended = cancelled ? t.cancelled : t.expired;
  return (
    <StatusBadge tone={days < 0 ? "quiet" : "warn"}>
      {text}
      {" · "}
      {days < 0 ? ended : days === 0 ? t.endsToday : t.inDays(days)}
    </StatusBadge>
  );
}
