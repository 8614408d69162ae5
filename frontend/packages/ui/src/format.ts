/**
 * Dates, times, money and sizes as a person of one locale in one agency reads them. A plain date
 * ("2026-11-18") belongs to no zone and is never shifted; a moment is shown in the agency's zone.
 */
export interface Format {
  date(plain: string | null | undefined): string;
  longDate(plain: string | null | undefined): string;
  moment(instant: string | null | undefined): string;
  clock(instant: string): string;
  ago(instant: string, now?: number): string;
  daysUntil(plain: string, now?: number): number;
  today(now?: number): string;
  number(value: number): string;
  money(value: { amount: string; currency: string } | null | undefined): string;
  bytes(size: number): string;
  list(items: readonly string[]): string;
}

export const NOTHING = "–";

function parts(plain: string): Date {
  return new Date(`${plain}T00:00:00Z`);
}

export function createFormat(locale: string, timeZone: string): Format {
  const date = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const longDate = new Intl.DateTimeFormat(locale, { timeZone: "UTC", dateStyle: "long" });
  const moment = new Intl.DateTimeFormat(locale, {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: "numeric", minute: "2-digit" });
  const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const number = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { style: "long", type: "conjunction" });

  function today(now = Date.now()): string {
    return isoDay.format(now);
  }

  return {
    date: (plain) => (plain ? date.format(parts(plain)) : NOTHING),
    longDate: (plain) => (plain ? longDate.format(parts(plain)) : NOTHING),
    moment: (instant) => (instant ? moment.format(new Date(instant)) : NOTHING),
    clock: (instant) => clock.format(new Date(instant)),
    ago(instant, now = Date.now()) {
      const seconds = Math.round((Date.parse(instant) - now) / 1000);
      const size = Math.abs(seconds);
      if (size < 45) return relative.format(0, "second");
      if (size < 45 * 60) return relative.format(Math.round(seconds / 60), "minute");
      if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), "hour");
      if (size < 26 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
      return date.format(parts(today(Date.parse(instant))));
    },
    daysUntil(plain, now = Date.now()) {
      return Math.round((parts(plain).getTime() - parts(today(now)).getTime()) / 86_400_000);
    },
    today,
    number: (value) => number.format(value),
    money(value) {
      if (!value) return NOTHING;
      const whole = value.amount.endsWith(".00") || !value.amount.includes(".");
      return new Intl.NumberFormat(locale, {
        style: "currency",
        currency: value.currency,
        minimumFractionDigits: whole ? 0 : 2,
        maximumFractionDigits: whole ? 0 : 2,
      }).format(Number(value.amount));
    },
    bytes(size) {
      // Rounded up, as the server says it in its sentences: what is a little more than a limit must
      // not read like the limit, and a file has one size wherever it is told.
      if (size <= 999_000) return `${number.format(Math.ceil(size / 1000))}\u00a0kB`;
      return `${number.format(Math.ceil(size / 100_000) / 10)}\u00a0MB`;
    },
    list: (items) => list.format(items),
  };
}

/** "1:05" until an end that is near. */
export function countdown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
