import type { components } from "@countersign/api/schema";

type Endorsement = components["schemas"]["Endorsement"];
type EndorsementBody = components["schemas"]["EndorsementBody"];

/** An endorsement as it is entered: what it does and whom it reaches are not known before somebody chose. */
export interface EndorsementDraft extends Omit<EndorsementBody, "effect" | "scope"> {
  readonly effect: EndorsementBody["effect"] | null;
  readonly scope: EndorsementBody["scope"] | null;
}

const NEW: EndorsementDraft = {
  form_number: "",
  edition: "",
  title: "",
  effect: null,
  scope: null,
  scheduled_parties: [],
  notice_days: null,
  effective_on: null,
  ends_on: null,
};

export function draftOf(form: Endorsement | null): EndorsementDraft {
  if (form === null) return NEW;
  return {
    form_number: form.form_number,
    edition: form.edition,
    title: form.title,
    effect: form.effect,
    scope: form.scope,
    scheduled_parties: form.scheduled_parties,
    notice_days: form.notice_days ?? null,
    effective_on: form.effective_on ?? null,
    ends_on: form.ends_on ?? null,
  };
}

const REQUIRED = ["form_number", "edition", "title", "effect", "scope"] as const;

export type Required = (typeof REQUIRED)[number];

/** What is still to be entered. */
export function missingIn(draft: EndorsementDraft): Required[] {
  return REQUIRED.filter((field) => (draft[field] ?? "").trim() === "");
}

/** The draft as it is sent; null while what it does or whom it reaches is open. */
export function bodyOf(draft: EndorsementDraft): EndorsementBody | null {
  const { effect, scope } = draft;
  return effect === null || scope === null ? null : { ...draft, effect, scope };
}
