import type { components } from "@countersign/api/schema";
import { type Line, LINES } from "../../lines";

type SendBody = components["schemas"]["SendBody"];
type Master = components["schemas"]["Master"];
type DraftBody = components["schemas"]["DraftBody"];
export type NewHolder = components["schemas"]["HolderBody"];

/** The decisions of one sending, as the form holds them. */
export interface SendDraft {
  readonly master: string | null;
  readonly holder: string | null;
  /** The holder's name, to show it before its record is there. */
  readonly newHolder: NewHolder | null;
  /** Null: as the master says. */
  readonly description: string | null;
  readonly additionalInsured: readonly Line[] | null;
  readonly waiver: readonly Line[] | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly message: string;
}

export const EMPTY_HOLDER: NewHolder = {
  name: "",
  care_of: null,
  address: { line1: "", line2: null, city: "", state: "", postal_code: "" },
  email: null,
};

export function emptyDraft(master: string | null, holder: string | null): SendDraft {
  return {
    master,
    holder,
    newHolder: null,
    description: null,
    additionalInsured: null,
    waiver: null,
    to: [],
    cc: [],
    subject: "",
    message: "",
  };
}

/** The lines on which a master puts a mark. */
export function marksOf(master: Master, mark: "additional_insured" | "waiver"): Line[] {
  return LINES.filter((line) => Boolean(master.sections[line]?.[mark]));
}

function isWhole(holder: NewHolder): boolean {
  const { line1, city, state, postal_code } = holder.address;
  return [holder.name, line1, city, state, postal_code].every((part) => part.trim() !== "");
}

/** What is asked of the server; null while a decision is missing without which there is no page. */
export function bodyOf(draft: SendDraft): SendBody | null {
  if (draft.master === null) return null;
  const { newHolder } = draft;
  if (newHolder === null && draft.holder === null) return null;
  if (newHolder !== null && !isWhole(newHolder)) return null;
  return {
    master_id: draft.master,
    holder: newHolder === null ? { id: draft.holder ?? "" } : { new: newHolder },
    ...(draft.description === null ? {} : { description: draft.description }),
    ...(draft.additionalInsured === null
      ? {}
      : { additional_insured: [...draft.additionalInsured] }),
    ...(draft.waiver === null ? {} : { waiver: [...draft.waiver] }),
    recipients: { to: [...draft.to], cc: [...draft.cc] },
    subject: draft.subject.trim() === "" ? null : draft.subject.trim(),
    message: draft.message.trim() === "" ? null : draft.message,
  };
}

/** The page depends on nothing that only the mail carries. */
export function pageOf(body: SendBody): DraftBody {
  return {
    master_id: body.master_id,
    holder: body.holder,
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.additional_insured === undefined
      ? {}
      : { additional_insured: body.additional_insured }),
    ...(body.waiver === undefined ? {} : { waiver: body.waiver }),
  };
}
