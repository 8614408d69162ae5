import type { components } from "@countersign/api/schema";
import type { Interest, Nature } from "../../interest";
import { type Line, LINES } from "../../lines";
import { lastEnvelope } from "./last-envelope";

type Channel = components["schemas"]["ChannelWord"];
type SendBody = components["schemas"]["SendBody"];
type Master = components["schemas"]["Master"];
type Certificate = components["schemas"]["Certificate"];
type DraftBody = components["schemas"]["DraftBody"];
export type Holder = components["schemas"]["Holder"];
export type NewHolder = components["schemas"]["HolderBody"];
export type HolderMode = "known" | "new";

/** The decisions of one sending, as the form holds them. */
export interface SendDraft {
  readonly master: string | null;
  /** Which of the next two counts; the other one stays for when somebody changes their mind. */
  readonly mode: HolderMode;
  readonly holder: Holder | null;
  readonly newHolder: NewHolder;
  /** The new holder is for this certificate only: the library keeps it put away. */
  readonly oneTime: boolean;
  /** The additional interest that it goes to, in place of the two. */
  readonly interest: Interest | null;
  /** Null: as the master says. */
  readonly description: string | null;
  readonly additionalInsured: readonly Line[] | null;
  readonly waiver: readonly Line[] | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly message: string;
  /** Null: as the holder prefers. */
  readonly channel: Channel | null;
  /** Whether the endorsements go along that the certificate rests on. */
  readonly endorsements: boolean;
}

const EMPTY_HOLDER: NewHolder = {
  name: "",
  care_of: null,
  address: { line1: "", line2: null, city: "", state: "", postal_code: "" },
  email: null,
};

export function emptyDraft(
  master: string | null,
  holder: Holder | null,
  interest: Interest | null = null,
): SendDraft {
  return {
    master,
    mode: "known",
    holder,
    newHolder: EMPTY_HOLDER,
    oneTime: false,
    interest,
    description: null,
    additionalInsured: null,
    waiver: null,
    to: interest?.emails ?? holder?.emails ?? [],
    cc: [],
    subject: "",
    message: "",
    channel: null,
    endorsements: true,
  };
}

/** Natures of a stake in a thing and not in liability: whoever holds one is no insured, and is marked as none. */
const STAKE_IN_A_THING: ReadonlySet<Nature> = new Set<Nature>([
  "AD",
  "AL",
  "BW",
  "FC",
  "LB",
  "LH",
  "LO",
  "LP",
  "MA",
  "MG",
  "MP",
  "RG",
  "TE",
  "TH",
]);

/** The marks of a master on the policies that an interest is written on; null where those are all of them. */
function marksWritten(
  master: Pick<Master, "sections"> | null,
  mark: "additional_insured" | "waiver",
  interest: Interest,
): Line[] | null {
  if (master === null || interest.policies.length === 0) return null;
  const own = new Set(interest.policies.map(({ id }) => id));
  const all = marksOf(master, mark);
  const written = all.filter((line) => own.has(master.sections[line]?.policy_id ?? ""));
  return written.length === all.length ? null : written;
}

/** The decisions for an additional interest to begin with: the page says what it is about, as it is written down. */
export function interestDraft(
  master: Pick<Master, "id" | "description" | "sections"> | null,
  interest: Interest,
): SendDraft {
  const about = [
    interest.item.text ?? "",
    interest.reference ? `Ref. ${interest.reference}` : "",
  ].filter((words) => words !== "");
  const words = [master?.description ?? "", about.length > 0 ? `Re: ${about.join("; ")}` : ""];
  return {
    ...emptyDraft(master?.id ?? null, null, interest),
    description: about.length > 0 ? words.filter((each) => each !== "").join("\n") : null,
    ...(STAKE_IN_A_THING.has(interest.nature)
      ? { additionalInsured: [], waiver: [] }
      : {
          additionalInsured: marksWritten(master, "additional_insured", interest),
          waiver: marksWritten(master, "waiver", interest),
        }),
  };
}

/**
 * Another master brings its own description and marks. For an additional interest both begin anew as they would have
 * with this master, unless somebody wrote another description.
 */
export function withMaster(
  draft: SendDraft,
  before: Pick<Master, "id" | "description" | "sections"> | null,
  next: Pick<Master, "id" | "description" | "sections"> | null,
): SendDraft {
  const plain = { additionalInsured: null, waiver: null };
  if (draft.interest === null) return { ...draft, ...plain, master: next?.id ?? null };
  const fresh = interestDraft(next, draft.interest);
  const untouched = draft.description === interestDraft(before, draft.interest).description;
  return {
    ...draft,
    master: fresh.master,
    additionalInsured: fresh.additionalInsured,
    waiver: fresh.waiver,
    description: untouched ? fresh.description : draft.description,
  };
}

/** The decisions of a revision to begin with: those of the certificate that it takes the place of. */
export function revisionDraft(
  certificate: Pick<Certificate, "master" | "holder_id" | "choices" | "deliveries">,
  masters: readonly Pick<Master, "id" | "description" | "sections">[],
  holders: readonly Holder[],
): SendDraft {
  const master = masters.find((each) => each.id === certificate.master.id);
  const holder = holders.find((each) => each.id === certificate.holder_id) ?? null;
  const { to, cc, channel } = lastEnvelope(certificate);
  const { description, additional_insured, waiver } = certificate.choices;
  // What is as the master says goes on following the master.
  const unless = (marks: readonly Line[], own: readonly Line[]) =>
    same(marks, own) ? null : marks;
  return {
    ...emptyDraft(master?.id ?? null, holder),
    description: description === master?.description ? null : description,
    additionalInsured: unless(
      additional_insured,
      master ? marksOf(master, "additional_insured") : [],
    ),
    waiver: unless(waiver, master ? marksOf(master, "waiver") : []),
    to: [...to],
    cc: [...cc],
    channel,
  };
}

/** The decisions of a request that was made before, to begin with. */
export function draftFrom(
  body: SendBody,
  holders: readonly Holder[],
  interests: readonly Interest[],
): SendDraft {
  const known = holders.find((each) => each.id === body.holder.id) ?? null;
  const interest = interests.find((each) => each.id === body.holder.interest_id) ?? null;
  return {
    ...emptyDraft(body.master_id, known, interest),
    ...(body.holder.new
      ? {
          mode: "new" as const,
          newHolder: body.holder.new,
          oneTime: body.holder.one_time ?? false,
        }
      : {}),
    description: body.description ?? null,
    additionalInsured: body.additional_insured ?? null,
    waiver: body.waiver ?? null,
    to: [...body.recipients.to],
    cc: [...(body.recipients.cc ?? [])],
    subject: body.subject ?? "",
    message: body.message ?? "",
    channel: body.channel ?? null,
    endorsements: body.attach_endorsements ?? true,
  };
}

/** How the holder that was chosen wants its mail, where somebody wrote that down. */
export function preferredOf({
  mode,
  holder,
  interest,
}: Pick<SendDraft, "mode" | "holder" | "interest">): Channel | null {
  if (interest !== null) return interest.channel ?? null;
  return mode === "known" ? (holder?.channel ?? null) : null;
}

/** How the mail will carry the page. */
export function channelOf(
  draft: Pick<SendDraft, "mode" | "holder" | "interest" | "channel">,
): Channel {
  return draft.channel ?? preferredOf(draft) ?? "attachment";
}

function presetOf(draft: SendDraft): readonly string[] {
  if (draft.interest !== null) return draft.interest.emails;
  if (draft.mode === "known") return draft.holder?.emails ?? [];
  const email = draft.newHolder.email?.trim() ?? "";
  // While it is typed it is no address yet.
  return /^\S+@\S+\.\S+$/.test(email) ? [email] : [];
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/**
 * Another holder presets whom the mail goes to, unless somebody chose other recipients, and how it carries the page,
 * where the holder prefers something.
 */
export function withHolder(
  draft: SendDraft,
  part: Partial<Pick<SendDraft, "mode" | "holder" | "newHolder" | "interest">>,
): SendDraft {
  const chosen = { ...draft, ...part };
  const next = { ...chosen, channel: preferredOf(chosen) === null ? draft.channel : null };
  return same(draft.to, presetOf(draft)) ? { ...next, to: presetOf(next) } : next;
}

/** The lines on which a master puts a mark. */
export function marksOf(
  master: Pick<Master, "sections">,
  mark: "additional_insured" | "waiver",
): Line[] {
  return LINES.filter((line) => Boolean(master.sections[line]?.[mark]));
}

function isWhole(holder: NewHolder): boolean {
  const { line1, city, state, postal_code } = holder.address;
  return (
    [holder.name, line1, city, state].every((part) => part.trim() !== "") &&
    /^\d{5}(-\d{4})?$/.test(postal_code.trim())
  );
}

function holderOf({
  mode,
  holder,
  newHolder,
  oneTime,
  interest,
}: SendDraft): SendBody["holder"] | null {
  if (interest !== null) return { interest_id: interest.id };
  if (mode === "known") return holder === null ? null : { id: holder.id };
  if (!isWhole(newHolder)) return null;
  return { new: newHolder, ...(oneTime ? { one_time: true } : {}) };
}

/** What is asked of the server; null while a decision is missing without which there is no page. */
export function bodyOf(draft: SendDraft): SendBody | null {
  const holder = holderOf(draft);
  if (draft.master === null || holder === null) return null;
  return {
    master_id: draft.master,
    holder,
    ...(draft.description === null ? {} : { description: draft.description }),
    ...(draft.additionalInsured === null
      ? {}
      : { additional_insured: [...draft.additionalInsured] }),
    ...(draft.waiver === null ? {} : { waiver: [...draft.waiver] }),
    recipients: { to: [...draft.to], cc: [...draft.cc] },
    subject: draft.subject.trim() === "" ? null : draft.subject.trim(),
    message: draft.message.trim() === "" ? null : draft.message,
    channel: channelOf(draft),
    ...(draft.endorsements ? {} : { attach_endorsements: false }),
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
