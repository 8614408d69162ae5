import { expect, test } from "vitest";
import { takeOver } from "../../conflict-rows";
import { en } from "../../messages/en";
import {
  bodyOf,
  emptyTemplate,
  PARTS,
  templateFacts,
  type TemplateValues,
} from "./template-values";

const WORDING: TemplateValues = {
  kind: "description",
  name: " Job ",
  subject: "",
  body: "Work for {{holder}}",
  forms: [
    { number: "CG 20 10", edition: "" },
    { number: " ", edition: "" },
    { number: "CG 20 37", edition: "04 13" },
  ],
};

const LETTER: TemplateValues = {
  kind: "message",
  name: "Letter",
  subject: " ",
  body: "Dear {{holder}},",
  forms: [{ number: "CG 20 10", edition: "" }],
};

test("a mail has a subject and a description has forms, and what is empty is not sent", () => {
  expect(bodyOf(WORDING)).toEqual({
    name: "Job",
    subject: null,
    body: "Work for {{holder}}",
    forms: [
      { number: "CG 20 10", edition: null },
      { number: "CG 20 37", edition: "04 13" },
    ],
  });
  expect(bodyOf(LETTER)).toMatchObject({ subject: null, forms: [] });
  expect(bodyOf({ ...LETTER, subject: " Yours " }).subject).toBe("Yours");
});

test("all parts of a template make the whole, and each is told in words", () => {
  const facts = templateFacts(WORDING, en);
  const units = new Set(facts.map((fact) => fact.unit));
  expect(takeOver(PARTS, emptyTemplate("description"), WORDING, units)).toEqual(WORDING);
  expect(facts.map((fact) => fact.value)).toEqual([
    "Job",
    "",
    "Work for {{holder}}",
    "CG 20 10; CG 20 37 04 13",
  ]);
});
