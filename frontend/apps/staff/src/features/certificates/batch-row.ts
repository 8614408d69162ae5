import type { components } from "@countersign/api/schema";
import type { Finding } from "./findings";
import type { Concern } from "../../use-recipient-check";

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
  /** Its files are more than the mail carries that they would go with, so that this mail would fail. */
  readonly tooHeavy: boolean;
  /** The person took it out. */
  readonly out: boolean;
}

export type RowFate = "checking" | "aside" | "out" | "no_recipient" | "too_heavy" | "ready";

export function chosen(holder: Pick<Holder, "id" | "name" | "address">): ChosenHolder {
  const { city, state } = holder.address;
  return { id: holder.id, name: holder.name, place: `${city}, ${state}` };
}

/** What becomes of a row as things stand. */
export function fateOf(row: RowState): RowFate {
  if (row.sendable === null) return "checking";
  if (!row.sendable) return "aside";
  if (row.out) return "out";
  if (row.to.length === 0) return "no_recipient";
  return row.tooHeavy ? "too_heavy" : "ready";
}

/** Whether something keeps a row from being sent that is not the person's own wish. */
export function isSetAside(fate: RowFate): boolean {
  return fate === "aside" || fate === "no_recipient" || fate === "too_heavy";
}

export interface Tally {
  readonly ready: number;
  /** By the gate. */
  readonly aside: number;
  readonly out: number;
  readonly checking: number;
  readonly noRecipient: number;
  readonly tooHeavy: number;
}

export function tally(rows: readonly RowState[]): Tally {
  const of = (fate: RowFate) => rows.filter((row) => fateOf(row) === fate).length;
  return {
    ready: of("ready"),
    aside: of("aside"),
    out: of("out"),
    checking: of("checking"),
    noRecipient: of("no_recipient"),
    tooHeavy: of("too_heavy"),
  };
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether a moment is less than a day ago. */
export function isRecent(instant: string): boolean {
  return Date.parse(instant) > Date.now() - DAY;
}
