import { expect, test } from "vitest";
import { en } from "../../messages/en";
import { rowFaults } from "./row-faults";

test("a fault of a row names the row, any other stands as it is", () => {
  const names = ["City of Sparks", "Basin Water"];
  const fields = [
    { pointer: "/rows/1/to/0", code: "not_an_email", detail: "is not an email address" },
    { pointer: "/subject", code: "too_long", detail: "is too long" },
    { pointer: "/rows/7/to", code: "empty", detail: "must not be empty" },
  ];
  expect(rowFaults(fields, names, en).map((fault) => fault.detail)).toEqual([
    `Basin Water: ${en.faults.not_an_email}`,
    "Is too long.",
    en.faults.empty,
  ]);
});
