import type { components } from "@countersign/api/schema";

type Progress = components["schemas"]["BatchProgress"];
type Counts = components["schemas"]["BatchCounts"];

const STATES: readonly Progress["state"][] = ["running", "paused", "finished", "cancelled"];

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([each]) => each === name)?.[1];
}

function number(value: unknown, name: string): number | null {
  const found = member(value, name);
  return typeof found === "number" ? found : null;
}

/** What an event of the stream says; null for what is none of ours. */
export function readProgress(text: unknown): Progress | null {
  if (typeof text !== "string") return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const state = STATES.find((each) => each === member(parsed, "state"));
  const of = (name: keyof Counts) => number(member(parsed, "counts"), name);
  const [waiting, issued, aside] = [of("waiting"), of("issued"), of("set_aside")];
  const [failed, notSent, total] = [of("failed"), of("not_sent"), of("total")];
  if (state === undefined || waiting === null || issued === null || aside === null) return null;
  if (failed === null || notSent === null || total === null) return null;
  return {
    state,
    counts: { waiting, issued, set_aside: aside, failed, not_sent: notSent, total },
  };
}

/** How many rows were settled at a moment, in milliseconds from any fixed one. */
export interface Sample {
  readonly at: number;
  readonly done: number;
}

/** A pace is told of the last so many milliseconds. */
const LOOKED_BACK = 15_000;

/** The samples that a pace is told from, with one more; one that goes back begins anew, as after a retry. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && next.done < last.done) return [next];
  return [...samples.filter(({ at }) => next.at - at <= LOOKED_BACK), next];
}

/** Rows a second; null while too little was seen. */
export function paceOf(samples: readonly Sample[]): number | null {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [rows, seconds] = [last.done - first.done, (last.at - first.at) / 1000];
  return rows > 0 && seconds >= 1 ? rows / seconds : null;
}
