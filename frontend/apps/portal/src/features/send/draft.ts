import type { components } from "@countersign/api/schema";

export type SendBody = components["schemas"]["SendBody"];
export type UsedHolder = components["schemas"]["Holder"];

export interface HolderForm {
  readonly name: string;
  readonly care_of: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly postal_code: string;
  readonly email: string;
}

/** What was decided so far, as it is entered; it becomes a request only at the end. */
export interface Draft {
  readonly master: string | null;
  /** One of the list; null while someone new is entered or nobody is chosen. */
  readonly holder: string | null;
  readonly someoneNew: boolean;
  readonly form: HolderForm;
  /** Someone new is needed this once and stays out of the list. */
  readonly once: boolean;
  /** Null until somebody changes what the holder presets. */
  readonly to: readonly string[] | null;
  readonly copyMe: boolean;
  readonly message: string;
  /** Whether the endorsements go along that the certificate rests on. */
  readonly endorsements: boolean;
}

export const EMPTY_FORM: HolderForm = {
  name: "",
  care_of: "",
  line1: "",
  line2: "",
  city: "",
  state: "",
  postal_code: "",
  email: "",
};

export const EMPTY_DRAFT: Draft = {
  master: null,
  holder: null,
  someoneNew: false,
  form: EMPTY_FORM,
  once: false,
  to: null,
  copyMe: false,
  message: "",
  endorsements: true,
};

function members(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A kept draft, read back; what does not fit any more is as if it had not been entered. */
export function readDraft(kept: unknown): Draft {
  const draft = members(kept);
  const form = members(draft.get("form"));
  const to = draft.get("to");
  return {
    master: text(draft.get("master")) || null,
    holder: text(draft.get("holder")) || null,
    someoneNew: draft.get("someoneNew") === true,
    form: {
      name: text(form.get("name")),
      care_of: text(form.get("care_of")),
      line1: text(form.get("line1")),
      line2: text(form.get("line2")),
      city: text(form.get("city")),
      state: text(form.get("state")),
      postal_code: text(form.get("postal_code")),
      email: text(form.get("email")),
    },
    once: draft.get("once") === true,
    to: Array.isArray(to) ? to.filter((each) => typeof each === "string") : null,
    copyMe: draft.get("copyMe") === true,
    message: text(draft.get("message")),
    endorsements: draft.get("endorsements") !== false,
  };
}

/** The parts of a new holder that cannot be left out. */
export const NEEDED = ["name", "line1", "city", "state", "postal_code"] as const;
export type Needed = (typeof NEEDED)[number];

export function missingOf(form: HolderForm): Needed[] {
  return NEEDED.filter((part) => form[part].trim() === "");
}

function given(value: string): string | null {
  const trimmed = value.trim();
  return trimmed === "" ? null : trimmed;
}

/** To whom it goes: what was entered, or else the addresses of the holder. */
export function recipientsOf(draft: Draft, holder: UsedHolder | undefined): readonly string[] {
  if (draft.to !== null) return draft.to;
  if (!draft.someoneNew) return holder?.emails ?? [];
  const email = given(draft.form.email);
  return email === null ? [] : [email];
}

/** For whom it is, by name. */
export function holderName(draft: Draft, holder: UsedHolder | undefined): string {
  return draft.someoneNew ? draft.form.name.trim() : (holder?.name ?? "");
}

/** What the server is to print; null while something is undecided. */
export function printOf(draft: Draft): Pick<SendBody, "master_id" | "holder"> | null {
  if (draft.master === null) return null;
  if (!draft.someoneNew) {
    return draft.holder === null ? null : { master_id: draft.master, holder: { id: draft.holder } };
  }
  if (missingOf(draft.form).length > 0) return null;
  const { form } = draft;
  return {
    master_id: draft.master,
    holder: {
      new: {
        name: form.name.trim(),
        care_of: given(form.care_of),
        address: {
          line1: form.line1.trim(),
          line2: given(form.line2),
          city: form.city.trim(),
          state: form.state,
          postal_code: form.postal_code.trim(),
        },
        email: given(form.email),
      },
      ...(draft.once ? { one_time: true } : {}),
    },
  };
}

/** `holder.new.address.city` is shown beside the field `city`. */
export function formField(field: string): keyof HolderForm | null {
  const match = /^holder\.new\.(?:address\.)?(\w+)$/.exec(field);
  const name = match?.[1];
  switch (name) {
    case "name":
    case "care_of":
    case "line1":
    case "line2":
    case "city":
    case "state":
    case "postal_code":
    case "email":
      return name;
    default:
      return null;
  }
}
