import { expect, test } from "vitest";
import { aroundName } from "./around-name";

test("a name in a sentence is told once", () => {
  expect(aroundName("Looked at certificate 26-000001 twice", "26-000001")).toEqual({
    before: "Looked at certificate ",
    name: "26-000001",
    after: " twice",
  });
});

test("a name that does not stand in the sentence follows it", () => {
  expect(aroundName("Sent", "26-000001")).toEqual({
    before: "Sent ",
    name: "26-000001",
    after: "",
  });
});
