import { expect, test } from "vitest";
import { dateParam, idParam, insideParam, oneOf, present, textParam } from "./search-params";

test("what does not fit is left out of the address", () => {
  expect(textParam("acme")).toBe("acme");
  expect(textParam(42)).toBe("42");
  expect(textParam("")).toBeUndefined();
  expect(textParam({ a: 1 })).toBeUndefined();
  expect(dateParam("2026-11-18")).toBe("2026-11-18");
  expect(dateParam("11/18/2026")).toBeUndefined();
  expect(dateParam("2026-02-29")).toBeUndefined();
  expect(dateParam("2026-13-45")).toBeUndefined();
  expect(dateParam("2028-02-29")).toBe("2028-02-29");
  expect(idParam("0193e5f0-7d2a-7b44-9c4e-2f6a3f1f0c11")).toBe(
    "0193e5f0-7d2a-7b44-9c4e-2f6a3f1f0c11",
  );
  expect(idParam("nonsense")).toBeUndefined();
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
