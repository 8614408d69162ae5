import { expect, test } from "vitest";
import { dateParam, insideParam, oneOf, present, textParam } from "./search-params";

test("what does not fit is left out of the address", () => {
  expect(textParam("acme")).toBe("acme");
  expect(textParam(42)).toBe("42");
  expect(textParam("")).toBeUndefined();
  expect(textParam({ a: 1 })).toBeUndefined();
  expect(dateParam("2026-11-18")).toBe("2026-11-18");
  expect(dateParam("11/18/2026")).toBeUndefined();
  expect(oneOf(["name", "-name"], "-name")).toBe("-name");
  expect(oneOf(["name"], "x")).toBeUndefined();
  expect(present({ q: undefined, sort: "name" })).toEqual({ sort: "name" });
});

test("only a path of this app leads back", () => {
  expect(insideParam("/insureds/a/send?master=m")).toBe("/insureds/a/send?master=m");
  expect(insideParam("//evil.example.com")).toBeUndefined();
  expect(insideParam("/\\evil.example.com")).toBeUndefined();
  expect(insideParam("https://evil.example.com")).toBeUndefined();
  expect(insideParam(undefined)).toBeUndefined();
});
