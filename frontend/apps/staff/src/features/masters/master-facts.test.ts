import type { components } from "@countersign/api/schema";
import { createFormat } from "@countersign/ui/format";
import { expect, test } from "vitest";
import { en } from "../../messages/en";
import { masterFacts, takeOverMaster } from "./master-facts";

type MasterBody = components["schemas"]["MasterBody"];

const mine: MasterBody = {
  name: "Mine",
  sections: { general_liability: { policy_id: "a" } },
  description: "Mine",
  authorized_representative: "Mine",
  portal_usable: false,
  include_in_renewals: false,
  valid_from: null,
  valid_until: null,
};

const theirs: MasterBody = {
  name: "Theirs",
  sections: { general_liability: { policy_id: "b" }, other: { policy_id: "c" } },
  description: "Theirs",
  authorized_representative: "Theirs",
  portal_usable: true,
  include_in_renewals: true,
  valid_from: "2026-01-01",
  valid_until: null,
};

test("a part is taken over without the others, and all parts make the whole", () => {
  const taken = (...units: string[]) => takeOverMaster(mine, theirs, new Set(units));
  expect(taken("description")).toEqual({ ...mine, description: "Theirs" });
  expect(taken("other").sections).toEqual({
    general_liability: { policy_id: "a" },
    other: { policy_id: "c" },
  });
  const facts = masterFacts(theirs, [], en, createFormat("en-US", "America/Los_Angeles"));
  expect(taken(...facts.map((fact) => fact.unit))).toMatchObject(theirs);
});
