import type { components } from "@countersign/api/schema";
import type { Finding } from "./findings";
import type { Concern } from "./use-recipient-check";

type Holder = components["schemas"]["Holder"];

/** A holder as a row of a batch shows it. */
export interface ChosenHolder {
  readonly id: string;
  readonly name: string;
  readonly place: string;
}

/** Who receives a row's certificate. */
export interface RowMail {
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

/** A row with everything that decides whether it is sent. */
export interface RowState extends ChosenHolder, RowMail {
  readonly findings: readonly Finding[];
  /** What is odd about the recipients that the check looked at. */
  readonly concerns: readonly Concern[];
  /** How its mail will carry the page; null while it is being checked. */
  readonly channel: components["schemas"]["ChannelWord"] | null;
  /** Whom the check looked at; others are asked about when they are entered. */
  readonly lookedAt: readonly string[];
  /** Null while it is being checked. */
  readonly sendable: boolean | null;
  /** The person took it out. */
  readonly out: boolean;
}

export type RowFate = "checking" | "aside" | "out" | "no_recipient" | "ready";

export function chosen(holder: Pick<Holder, "id" | "name" | "address">): ChosenHolder {
  const { city, state } = holder.address;
  return { id: holder.id, name: holder.name, place: `${city}, ${state}` };
}

/** What becomes of a row as things stand. */
export function fateOf(row: RowState): RowFate {
  if (row.sendable === null) return "checking";
  if (!row.sendable) return "aside";
  if (row.out) return "out";
  return row.to.length === 0 ? "no_recipient" : "ready";
}

export interface Tally {
  readonly ready: number;
  readonly aside: number;
  readonly out: number;
  readonly checking: number;
  readonly noRecipient: number;
}

export function tally(rows: readonly RowState[]): Tally {
  const of = (fate: RowFate) => rows.filter((row) => fateOf(row) === fate).length;
  return {
    ready: of("ready"),
    aside: of("aside"),
    out: of("out"),
    checking: of("checking"),
    noRecipient: of("no_recipient"),
  };
}
