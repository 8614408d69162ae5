import { describe, expect, it } from "vitest";
import { en } from "../../messages/en";
import { inPlainWords } from "./finding-words";

const FINDING = {
  code: "policy_expired",
  severity: "block",
  field: "/general_liability/expires_on",
  message: "Policy X-1 expired on 03/01/2026.",
  fix: "Choose the renewed policy in the master certificate.",
} as const;

describe("findings in plain words", () => {
  it("name the policy, what is wrong and whom to call", () => {
    expect(inPlainWords(FINDING, "Granite", "Summit Ridge", en)).toEqual({
      headline: "Your general liability policy has ended.",
      todo: "Call Summit Ridge. They can put this right.",
    });
  });

  it("repeat the server where it says something new", () => {
    const unknown = { ...FINDING, code: "moon_phase", field: "/moon", severity: "warn" } as const;
    expect(inPlainWords(unknown, "Granite", "Summit Ridge", en).headline).toBe(FINDING.message);
  });
});
