import { expect, test } from "vitest";
import { bodyOf, EMPTY_HOLDER, emptyDraft, pageOf } from "./send-draft";

test("without a master and a holder there is no page to ask for", () => {
  expect(bodyOf(emptyDraft(null, null))).toBeNull();
  expect(bodyOf(emptyDraft("m", null))).toBeNull();
  expect(bodyOf({ ...emptyDraft("m", null), newHolder: EMPTY_HOLDER })).toBeNull();
});

test("what the sender leaves as the master says is not sent along", () => {
  const body = bodyOf(emptyDraft("m", "h"));
  expect(body).toEqual({
    master_id: "m",
    holder: { id: "h" },
    recipients: { to: [], cc: [] },
    subject: null,
    message: null,
  });
});

test("the page is the same whoever the mail goes to", () => {
  const one = bodyOf({ ...emptyDraft("m", "h"), to: ["a@example.com"], message: "Hello" });
  const other = bodyOf({ ...emptyDraft("m", "h"), cc: ["b@example.com"] });
  expect(one && pageOf(one)).toEqual(other && pageOf(other));
});

test("a mark taken off is said, an untouched one is not", () => {
  const body = bodyOf({ ...emptyDraft("m", "h"), waiver: [] });
  expect(body?.waiver).toEqual([]);
  expect(body && "additional_insured" in body).toBe(false);
});
