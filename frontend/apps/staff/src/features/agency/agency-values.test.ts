import type { components } from "@countersign/api/schema";
import { expect, test } from "vitest";
import { takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import { agencyFacts, bodyOf, PARTS } from "./agency-values";

type AgencyBody = components["schemas"]["AgencyBody"];

const AGENCY: AgencyBody = {
  name: "Summit Ridge Insurance",
  address: {
    line1: "50 West Liberty",
    line2: null,
    city: "Reno",
    state: "NV",
    postal_code: "89501",
  },
  phone: "(775) 555-0100",
  fax: "(775) 555-0101",
  email: "office@agency.example.com",
  contact_name: "Avery",
  accent_color: "#1f5f4a",
  authorized_representative: "Avery Collins",
  time_zone: "America/Los_Angeles",
  support_text: "Call us.",
  reply_to: "certificates@agency.example.com",
  portal_channel: "link",
};

const BARE = bodyOf({
  id: "a",
  slug: "bare",
  version: 1,
  may: [],
  name: "Bare",
  accent_color: "#000000",
  time_zone: "America/New_York",
  portal_channel: "attachment",
});

test("all parts of the profile make the whole, and each is told in words", () => {
  const facts = agencyFacts(AGENCY, en);
  expect(takeOver(PARTS, BARE, AGENCY, new Set(facts.map((fact) => fact.unit)))).toEqual(AGENCY);
  const said = (label: string) => facts.find((fact) => fact.label === label)?.value;
  expect(said(en.agency.address)).toBe("50 West Liberty, Reno, NV 89501");
  expect(said(en.channels.portal)).toBe("Send a link");
});

test("what the agency lacks is nothing in words", () => {
  const said = agencyFacts(BARE, en).filter((fact) => fact.value !== "");
  expect(said.map((fact) => fact.unit)).toEqual(["name", "color", "portal_channel", "time_zone"]);
});
