import { describe, expect, it } from "vitest";
import {
  EMPTY_DRAFT,
  EMPTY_FORM,
  formField,
  missingOf,
  printOf,
  readDraft,
  recipientsOf,
} from "./draft";

const GRANITE = {
  id: "h1",
  version: 1,
  name: "Granite Peak Builders",
  address: { line1: "1 Quarry Road", city: "Reno", state: "NV", postal_code: "89501" },
  emails: ["certificates@granite.example"],
};

const FORM = {
  ...EMPTY_FORM,
  name: " City of Sparks ",
  line1: "431 Prater Way",
  city: "Sparks",
  state: "NV",
  postal_code: "89431",
  email: "risk@sparks.example",
};

describe("a draft", () => {
  it("is printed only when certificate and holder are decided", () => {
    expect(printOf(EMPTY_DRAFT)).toBeNull();
    expect(printOf({ ...EMPTY_DRAFT, master: "m" })).toBeNull();
    expect(printOf({ ...EMPTY_DRAFT, master: "m", holder: "h1" })).toEqual({
      master_id: "m",
      holder: { id: "h1" },
    });
    expect(printOf({ ...EMPTY_DRAFT, master: "m", someoneNew: true })).toBeNull();
  });

  it("takes someone new with what was entered, and nothing where nothing was", () => {
    expect(printOf({ ...EMPTY_DRAFT, master: "m", someoneNew: true, form: FORM })).toEqual({
      master_id: "m",
      holder: {
        new: {
          name: "City of Sparks",
          care_of: null,
          address: {
            line1: "431 Prater Way",
            line2: null,
            city: "Sparks",
            state: "NV",
            postal_code: "89431",
          },
          email: "risk@sparks.example",
        },
      },
    });
    expect(missingOf({ ...FORM, city: " " })).toEqual(["city"]);
  });

  it("says of someone new who is needed once that the list need not keep them", () => {
    const draft = { ...EMPTY_DRAFT, master: "m", someoneNew: true, form: FORM };
    expect(printOf({ ...draft, once: true })?.holder.one_time).toBe(true);
    expect(printOf(draft)?.holder).not.toHaveProperty("one_time");
    // Somebody of the list stays in it.
    const listed = { ...EMPTY_DRAFT, master: "m", holder: "h1", once: true };
    expect(printOf(listed)?.holder).toEqual({ id: "h1" });
    expect(readDraft({ once: true }).once).toBe(true);
    expect(readDraft({ once: "yes" }).once).toBe(false);
  });

  it("presets the recipients from the holder until somebody changes them", () => {
    expect(recipientsOf({ ...EMPTY_DRAFT, holder: "h1" }, GRANITE)).toEqual(GRANITE.emails);
    expect(recipientsOf({ ...EMPTY_DRAFT, someoneNew: true, form: FORM }, undefined)).toEqual([
      "risk@sparks.example",
    ]);
    expect(recipientsOf({ ...EMPTY_DRAFT, holder: "h1", to: [] }, GRANITE)).toEqual([]);
  });

  it("survives being kept, and anything that is no draft", () => {
    const draft = { ...EMPTY_DRAFT, master: "m", form: FORM, to: ["a@b.example"], copyMe: true };
    expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    for (const nothing of [null, 7, "x", [], { form: 3, to: "no" }]) {
      expect(readDraft(nothing)).toEqual(EMPTY_DRAFT);
    }
  });

  it("finds the field that a fault of the server speaks of", () => {
    expect(formField("holder.new.address.postal_code")).toBe("postal_code");
    expect(formField("holder.new.email")).toBe("email");
    expect(formField("recipients.to.0")).toBeNull();
  });
});
