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
