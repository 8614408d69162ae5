import { expect, test } from "vitest";
import { aroundName } from "./around-name";

test("a name in a sentence is told once", () => {
  expect(aroundName("Looked at certificate 26-000001 twice", "26-000001", "for")).toEqual({
    before: "Looked at certificate ",
    name: "26-000001",
    after: " twice",
  });
});

test("a name that does not stand in the sentence follows it", () => {
  const answered = "Ana answered that 3 of 5 holders still need a certificate";
  expect(aroundName(answered, "Alder Creek Roofing LLC", "for")).toEqual({
    before: `${answered} for `,
    name: "Alder Creek Roofing LLC",
    after: "",
  });
});
