import { expect, test } from "vitest";
import type { Interest } from "../../interest";
import {
  bodyOf,
  channelOf,
  draftFrom,
  emptyDraft,
  type Holder,
  interestDraft,
  pageOf,
  revisionDraft,
  withHolder,
  withMaster,
} from "./send-draft";

const address = { line1: "1 Main Street", line2: null, city: "Reno", state: "NV", postal_code: "" };
const known: Holder = {
  id: "h",
  version: 1,
  name: "Builders",
  address: { ...address, postal_code: "89501" },
  emails: ["risk@builders.example.com"],
};
const lender: Interest = {
  id: "i",
  version: 1,
  insured_id: "n",
  holder_id: "h2",
  name: "Lender",
  address: { ...address, postal_code: "89501" },
  emails: ["proof@lender.example.com"],
  nature: "LP",
  nature_label: "Loss payee",
  item: { kind: "everything" },
  from_on: "2026-03-01",
  policies: [],
  endorsements: [],
  state: "current",
  may: ["edit", "end", "send"],
};
const fresh = { name: "City", care_of: null, address, email: null };

test("without a master and a holder there is no page to ask for", () => {
  expect(bodyOf(emptyDraft(null, null))).toBeNull();
  expect(bodyOf(emptyDraft("m", null))).toBeNull();
  expect(bodyOf({ ...emptyDraft("m", known), mode: "new" })).toBeNull();
});

test("a new holder is asked about when its ZIP code is whole", () => {
  const draft = { ...emptyDraft("m", null), mode: "new" as const };
  const zip = (postal_code: string) =>
    bodyOf({ ...draft, newHolder: { ...fresh, address: { ...address, postal_code } } });
  expect(zip("895")).toBeNull();
  expect(zip("89501")).not.toBeNull();
  expect(zip("89501-1234")).not.toBeNull();
});

test("a holder that is needed once is said to be one, and only a new one is", () => {
  const whole = { ...fresh, address: { ...address, postal_code: "89501" } };
  const draft = { ...emptyDraft("m", known), mode: "new" as const, newHolder: whole };
  const once = bodyOf({ ...draft, oneTime: true });
  expect(once?.holder).toEqual({ new: whole, one_time: true });
  expect(bodyOf(draft)?.holder).toEqual({ new: whole });
  expect(bodyOf({ ...draft, mode: "known", oneTime: true })?.holder).toEqual({ id: "h" });
  expect(once && draftFrom(once, [], []).oneTime).toBe(true);
});

test("what the sender leaves as the master says is not sent along", () => {
  const body = bodyOf(emptyDraft("m", { ...known, emails: [] }));
  expect(body).toEqual({
    master_id: "m",
    holder: { id: "h" },
    recipients: { to: [], cc: [] },
    subject: null,
    message: null,
    channel: "attachment",
  });
});

test("the page is the same whoever the mail goes to", () => {
  const one = bodyOf({ ...emptyDraft("m", known), to: ["a@example.com"], message: "Hello" });
  const other = bodyOf({ ...emptyDraft("m", known), cc: ["b@example.com"] });
  expect(one && pageOf(one)).toEqual(other && pageOf(other));
});

test("a mark taken off is said, an untouched one is not", () => {
  const body = bodyOf({ ...emptyDraft("m", known), waiver: [] });
  expect(body?.waiver).toEqual([]);
  expect(body && "additional_insured" in body).toBe(false);
});

test("the holder presets the recipients", () => {
  const picked = withHolder(emptyDraft("m", null), { holder: known });
  expect(picked.to).toEqual(known.emails);
  const asNew = withHolder(picked, { mode: "new" });
  expect(asNew.to).toEqual([]);
  const half = withHolder(asNew, { newHolder: { ...fresh, email: "city@exa" } });
  expect(half.to).toEqual([]);
  const whole = withHolder(half, { newHolder: { ...fresh, email: "city@example.com" } });
  expect(whole.to).toEqual(["city@example.com"]);
  expect(withHolder(whole, { mode: "known" }).to).toEqual(known.emails);
});

test("recipients that somebody chose stay when the holder changes", () => {
  const chosen = { ...emptyDraft("m", null), to: ["me@example.com"] };
  expect(withHolder(chosen, { holder: known }).to).toEqual(["me@example.com"]);
});

test("a holder presets how the mail carries the page, and the sender may say otherwise", () => {
  const linked: Holder = { ...known, id: "l", channel: "link" };
  const attached: Holder = { ...known, id: "a", channel: "attachment" };
  const picked = withHolder(emptyDraft("m", known), { holder: linked });
  expect([channelOf(emptyDraft("m", known)), channelOf(picked)]).toEqual(["attachment", "link"]);
  expect(bodyOf(picked)?.channel).toBe("link");
  const otherwise = { ...picked, channel: "attachment" as const };
  expect(bodyOf(otherwise)?.channel).toBe("attachment");
  expect(channelOf(withHolder(otherwise, { holder: linked }))).toBe("link");
  const chosen = { ...emptyDraft("m", known), channel: "link" as const };
  expect(channelOf(withHolder(chosen, { holder: attached }))).toBe("attachment");
  // Whoever prefers nothing leaves the choice as it is.
  expect(channelOf(withHolder(chosen, { mode: "new" }))).toBe("link");
  expect(channelOf(emptyDraft("m", null, { ...lender, channel: "link" }))).toBe("link");
});

test("what was entered for a new holder is still there after looking at the known ones", () => {
  const entered = withHolder(emptyDraft("m", null), { mode: "new", newHolder: fresh });
  const back = withHolder(withHolder(entered, { mode: "known" }), { mode: "new" });
  expect(back.newHolder).toEqual(fresh);
});

test("a revision begins with what its certificate was, and follows the master where that said it", () => {
  const master = {
    id: "m",
    description: "Roofing",
    sections: { general_liability: { policy_id: "p", additional_insured: "e", waiver: null } },
  };
  const delivery = {
    id: "d",
    kind: "original" as const,
    to: ["risk@builders.example.com"],
    cc: ["job@builders.example.com"],
    subject: "Certificate 26-000001",
    state: "accepted" as const,
    queued_at: "2026-11-02T18:00:00Z",
    attempts: 1,
    may_have_arrived_twice: false,
    requested_by_name: "Maren Voss",
    timeline: [],
    channel: "attachment" as const,
  };
  const begin = (choices: Parameters<typeof revisionDraft>[0]["choices"]) =>
    revisionDraft(
      { master: { id: "m", name: "All" }, holder_id: "h", choices, deliveries: [delivery] },
      [master],
      [known],
    );
  const same = begin({
    description: "Roofing",
    additional_insured: ["general_liability"],
    waiver: [],
  });
  expect(same).toMatchObject({ master: "m", holder: known, to: delivery.to, cc: delivery.cc });
  expect([same.description, same.additionalInsured, same.waiver]).toEqual([null, null, null]);
  expect([same.subject, same.message]).toEqual(["", ""]);

  const other = begin({ description: "Job 7", additional_insured: [], waiver: [] });
  expect([other.description, other.additionalInsured]).toEqual(["Job 7", []]);
});

test("a request that was kept comes back as it was asked", () => {
  const asked = bodyOf({
    ...emptyDraft("m", known),
    description: "Job 4471",
    waiver: [],
    to: ["a@example.com"],
    message: "Hello",
  });
  expect(asked && bodyOf(draftFrom(asked, [known], []))).toEqual(asked);
  const entered = bodyOf({
    ...emptyDraft("m", null),
    mode: "new",
    newHolder: { ...fresh, address: { ...address, postal_code: "89501" } },
  });
  expect(entered && bodyOf(draftFrom(entered, [known], []))).toEqual(entered);
});

test("an interest is asked for by its own id, and its addresses give way to a holder's", () => {
  const draft = emptyDraft("m", null, lender);
  const body = bodyOf(draft);
  expect(body?.holder).toEqual({ interest_id: "i" });
  expect(body?.recipients.to).toEqual(["proof@lender.example.com"]);
  expect(body && bodyOf(draftFrom(body, [], [lender]))).toEqual(body);
  const another = withHolder(withHolder(draft, { interest: null }), { holder: known });
  expect(bodyOf(another)?.holder).toEqual({ id: "h" });
  expect(another.to).toEqual(["risk@builders.example.com"]);
});

test("a certificate for an interest says what the stake is about, and marks no insured for a lender", () => {
  const master = { id: "m", description: "Roofing.", sections: {} };
  expect(interestDraft(master, lender)).toMatchObject({
    master: "m",
    description: null,
    additionalInsured: [],
    waiver: [],
  });
  const truck = {
    ...lender,
    item: { kind: "vehicle" as const, text: "2024 Ford F-150, VIN 1FTFW1E50PFA00001" },
    reference: "LN-4471",
  };
  const words = "Re: 2024 Ford F-150, VIN 1FTFW1E50PFA00001; Ref. LN-4471";
  expect(interestDraft(master, truck).description).toBe(`Roofing.\n${words}`);
  expect(interestDraft(null, truck).description).toBe(words);
  const owner = { ...lender, nature: "OL" as const };
  expect(interestDraft(master, owner)).toMatchObject({ additionalInsured: null, waiver: null });
});

test("another master puts no marks back for a lender, and brings its own description unless one was written", () => {
  const [first, second] = [
    { id: "m", description: "Roofing.", sections: {} },
    { id: "n", description: "Paving.", sections: {} },
  ];
  const truck = { ...lender, item: { kind: "vehicle" as const, text: "2024 Ford F-150" } };
  const begun = interestDraft(first, truck);
  expect(withMaster(begun, first, second)).toMatchObject({
    master: "n",
    description: "Paving.\nRe: 2024 Ford F-150",
    additionalInsured: [],
    waiver: [],
  });
  const written = { ...begun, description: "Loan 4471." };
  expect(withMaster(written, first, second).description).toBe("Loan 4471.");
  const plain = { ...emptyDraft("m", known), additionalInsured: [], waiver: [] };
  expect(withMaster(plain, first, second)).toMatchObject({
    master: "n",
    description: null,
    additionalInsured: null,
    waiver: null,
  });
});

test("an interest is marked on the policies that it is written on and on no other", () => {
  const section = (policy_id: string) => ({
    policy_id,
    additional_insured: `ai-${policy_id}`,
    waiver: `w-${policy_id}`,
  });
  const master = {
    id: "m",
    description: "",
    sections: { general_liability: section("gl"), commercial_auto: section("auto") },
  };
  const written = (id: string) => ({
    id,
    number: "1",
    line: "commercial_auto" as const,
    effective_on: "2026-03-01",
    expires_on: "2027-03-01",
  });
  const lessor = { ...lender, nature: "AT" as const };
  expect(interestDraft(master, { ...lessor, policies: [written("auto")] })).toMatchObject({
    additionalInsured: ["commercial_auto"],
    waiver: ["commercial_auto"],
  });
  const both = { ...lessor, policies: [written("auto"), written("gl")] };
  const none = { additionalInsured: null, waiver: null };
  expect(interestDraft(master, both)).toMatchObject(none);
  expect(interestDraft(master, lessor)).toMatchObject(none);
});
