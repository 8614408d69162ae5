import { expect, test } from "vitest";
import { liesUnder } from "./query";

const key = ["get", "/v1/insureds/{insured}/certificates", { params: { path: { insured: "a" } } }];

test("a cached answer lies under the path of its parent, and only for the same record", () => {
  expect(liesUnder(key, "/v1/insureds/{insured}", { insured: "a" })).toBe(true);
  expect(liesUnder(key, "/v1/insureds/{insured}", { insured: "b" })).toBe(false);
  expect(liesUnder(key, "/v1/insureds", {})).toBe(true);
  expect(liesUnder(key, "/v1/insureds/{insured}/cert", { insured: "a" })).toBe(false);
  expect(liesUnder(["get", "/v1/home"], "/v1/home", {})).toBe(true);
  expect(liesUnder(["something else"], "/v1/home", {})).toBe(false);
});
