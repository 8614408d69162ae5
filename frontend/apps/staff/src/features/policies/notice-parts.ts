import type { components } from "@countersign/api/schema";
import { mayBeTold } from "./may-be-told";

type PolicyHolder = components["schemas"]["PolicyHolder"];

/** As many holders as the server tells by one request. */
export const MOST_TOLD_AT_ONCE = 500;

/** A long choice in parts that the server takes, in the order of the choice. */
export function partsOf(ids: readonly string[], most = MOST_TOLD_AT_ONCE): readonly string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < ids.length; start += most) {
    parts.push(ids.slice(start, start + most));
  }
  return parts;
}

/** Where a holder stands: who can be told, then who must be told in another way, then who was told. */
function place(holder: Pick<PolicyHolder, "emails" | "notice">): number {
  if (mayBeTold(holder)) return 0;
  return holder.notice && !holder.notice.reached_nobody ? 2 : 1;
}

/** Those who were not told yet before those who were, each by name as the server lists them. */
export function untoldFirst<Holder extends Pick<PolicyHolder, "emails" | "notice">>(
  holders: readonly Holder[],
): readonly Holder[] {
  return holders.toSorted((a, b) => place(a) - place(b));
}

export interface NoticeCounts {
  readonly all: number;
  readonly told: number;
  /** Neither told nor to be reached by email. */
  readonly unreachable: number;
}

export function noticeCounts(
  holders: readonly Pick<PolicyHolder, "emails" | "notice">[],
): NoticeCounts {
  const places = holders.map(place);
  return {
    all: holders.length,
    told: places.filter((each) => each === 2).length,
    unreachable: places.filter((each) => each === 1).length,
  };
}
