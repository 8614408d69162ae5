import { ProblemError } from "@countersign/api/problem";
import { expect, test } from "vitest";
import { entryOf, shareFaults } from "./field-faults";
import { en } from "./messages/en";

const refused = new ProblemError("validation", {
  title: "Some fields are not right",
  status: 422,
  instance: "",
  errors: [
    { pointer: "/name", code: "empty", detail: "must not be empty" },
    { pointer: "/name", code: "too_long", detail: "must be shorter" },
    { pointer: "/fein", code: "not_a_fein", detail: "must have nine digits" },
    { pointer: "/version", code: "odd", detail: "is odd" },
  ],
});

test("a refused field is spoken of in the words of the catalogue, or in a whole sentence", () => {
  const { beside, homeless } = shareFaults(refused, (field) => field !== "version", en);
  expect(beside).toEqual({ name: en.faults.empty, fein: "Must have nine digits." });
  expect(homeless.map((fault) => fault.detail)).toEqual(["Is odd."]);
});

test("a field with nothing in it is told in the same words, whatever it is refused as", () => {
  const errors = [
    { pointer: "/form_number", code: "not_a_form_number", detail: "must not be empty" },
  ];
  const problem = new ProblemError("validation", { title: "", status: 422, instance: "", errors });
  expect(shareFaults(problem, () => true, en).beside).toEqual({ form_number: en.faults.empty });
});

test("a pointer into a list names the entry", () => {
  const to = ["a@example.com", "b@example"];
  expect(entryOf("recipients.to.1", "recipients.to", to)).toBe("b@example");
  expect(entryOf("recipients.to.7", "recipients.to", to)).toBeNull();
  expect(entryOf("recipients.to", "recipients.to", to)).toBeNull();
  expect(entryOf("recipients.cc.1", "recipients.to", to)).toBeNull();
});
