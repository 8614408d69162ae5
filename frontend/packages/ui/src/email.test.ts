import { expect, test } from "vitest";
import { isEmailAddress } from "./email";

test("an address that people mistype is none", () => {
  for (const bad of [
    "",
    "a",
    "a@b",
    "a@@b.com",
    "a b@c.com",
    "a@b..com",
    "a@-b.com",
    ".a@b.com",
    "<a@b.com>",
    "@b.com",
  ]) {
    expect(isEmailAddress(bad), bad).toBe(false);
  }
});

test("an address is one, with a plus sign or a domain of other letters too", () => {
  for (const good of ["Ana.Ruiz+certs@Example.COM", "lee@bücher.example", "o'neill@example.com"]) {
    expect(isEmailAddress(good), good).toBe(true);
  }
});
