import type { components } from "@countersign/api/schema";
import { expect, test } from "vitest";
import { standingOf } from "./master-standing";

type MasterPolicy = components["schemas"]["MasterPolicy"];

function policy(state: MasterPolicy["state"], expires_on: string): MasterPolicy {
  return {
    carrier_name: "Carrier",
    effective_on: "2026-01-01",
    expires_on,
    line: "general_liability",
    number: "GL-1",
    policy_id: state,
    state,
  };
}

const ended = { state: "expired", earliest_expiration_on: "2026-10-01" } as const;

test("a master whose policy was cancelled in its term is cancelled", () => {
  const policies = [policy("cancelled", "2027-01-01"), policy("in_force", "2027-03-01")];
  expect(standingOf({ ...ended, policies })).toBe("cancelled");
  expect(standingOf({ ...ended, policies, valid_until: "2026-12-31" })).toBe("cancelled");
});

test("a master is expired where a term or the master itself ran out first", () => {
  const cancelledLater = policy("cancelled", "2027-01-01");
  expect(
    standingOf({ ...ended, policies: [cancelledLater, policy("expired", "2026-10-01")] }),
  ).toBe("expired");
  expect(standingOf({ ...ended, policies: [cancelledLater], valid_until: "2026-09-30" })).toBe(
    "expired",
  );
  expect(standingOf({ ...ended, policies: [policy("expired", "2026-10-01")] })).toBe("expired");
});

test("a master that can be sent from stands as the server says", () => {
  const policies = [policy("in_force", "2027-01-01")];
  expect(standingOf({ state: "current", earliest_expiration_on: "2027-01-01", policies })).toBe(
    "current",
  );
});
