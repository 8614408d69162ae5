import { MOST_HOLDERS } from "./holder-list";

interface Identified {
  readonly id: string;
}

/** How many more holders a sending takes that has so many. */
export function roomAfter(chosen: number): number {
  return Math.max(0, MOST_HOLDERS - chosen);
}

/** Those of `added` that a sending still takes, and how many it does not; who is chosen already needs no room. */
export function withinRoom<Holder extends Identified>(
  chosen: ReadonlySet<string>,
  added: readonly Holder[],
): { readonly taken: readonly Holder[]; readonly leftOut: number } {
  const fresh = [
    ...new Map(
      added.filter(({ id }) => !chosen.has(id)).map((holder) => [holder.id, holder]),
    ).values(),
  ];
  const taken = fresh.slice(0, roomAfter(chosen.size));
  return { taken, leftOut: fresh.length - taken.length };
}

export interface Window {
  /** The first that is shown, from 0 on. */
  readonly start: number;
  /** Behind the last that is shown. */
  readonly end: number;
  /** How many the window before and the one behind it show; 0 where there is none. */
  readonly before: number;
  readonly after: number;
}

/** A part of a long list, no longer than what one sending takes. */
export function windowAt(total: number, wanted: number): Window {
  const start = wanted < total ? wanted : 0;
  const end = Math.min(total, start + MOST_HOLDERS);
  return {
    start,
    end,
    before: Math.min(start, MOST_HOLDERS),
    after: Math.min(total - end, MOST_HOLDERS),
  };
}

/** Into how many files a list of holders must be divided so that each can be sent to. */
export function filesNeeded(rows: number): number {
  return Math.ceil(rows / MOST_HOLDERS);
}
