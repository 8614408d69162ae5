import { expect, test } from "vitest";
import { en } from "./en";

test("an agency's or insured's name that ends in a period ends its sentence", () => {
  const name = "Summit Ridge, Inc.";
  expect(en.reach.ask(name)).toBe("Ask Summit Ridge, Inc.");
  expect(en.reach.ask("Summit Ridge")).toBe("Ask Summit Ridge.");
});
