import { ProblemError } from "@countersign/api/problem";
import { expect, test } from "vitest";
import { en } from "../../messages/en";
import { errorUnder, sendFaults } from "./send-faults";

test("of several recipients the wrong one is named", () => {
  const problem = new ProblemError("validation", {
    title: "Some fields are not right",
    status: 422,
    instance: "",
    errors: [
      { pointer: "/recipients/to/1", code: "not_an_email", detail: "must be an email address" },
      { pointer: "/holder/new/address/postal_code", code: "not_a_zip", detail: "must be a ZIP" },
      { pointer: "/waiver", code: "odd", detail: "is odd" },
    ],
  });
  const { beside, homeless } = sendFaults(problem, { to: ["a@example.com", "b@"], cc: [] }, en);
  expect(errorUnder(beside, "recipients.to")).toBe(en.send.wrongAddress("b@"));
  expect(beside["holder.new.address.postal_code"]).toBe(en.faults.not_a_zip);
  expect(homeless).toHaveLength(1);
  expect(errorUnder(beside, "recipients.cc")).toBeUndefined();
});
