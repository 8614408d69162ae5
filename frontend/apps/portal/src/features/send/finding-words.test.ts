import type { Finding } from "@countersign/api/problem";
import { describe, expect, it } from "vitest";
import { en } from "../../messages/en";
import { inPlainWords } from "./finding-words";

const list = new Intl.ListFormat("en-US");
const around = {
  holder: "Granite",
  agency: "Summit Ridge",
  list: (items: readonly string[]) => list.format(items),
  t: en,
};

function finding(code: Finding["code"], field: string, severity: Finding["severity"]): Finding {
  const message = `${code} at ${field}`;
  return { code, field, severity, message, fix: "Edit the master.", liftable: false };
}

describe("findings in plain words", () => {
  it("name the policy, what is wrong and whom to call", () => {
    expect(
      inPlainWords([finding("policy_expired", "/general_liability/expires_on", "block")], around),
    ).toEqual([
      {
        severity: "block",
        headline: "Your general liability policy has ended.",
        details: ["policy_expired at /general_liability/expires_on"],
        todo: "Call Summit Ridge. They can put this right.",
      },
    ]);
  });

  it("send nobody to the agency with what they entered themselves", () => {
    const [own] = inPlainWords(
      [finding("character_not_printable", "/holder/name", "block")],
      around,
    );
    expect(own?.todo).toBe("Go back, and write it with letters and signs of the Latin alphabet.");
    const [other] = inPlainWords(
      [finding("character_not_printable", "/description", "block")],
      around,
    );
    expect(other?.todo).toBe("Call Summit Ridge. They can put this right.");
  });

  it("say the same of several policies once", () => {
    const [only, ...others] = inPlainWords(
      [
        finding("needs_written_contract", "/general_liability/additional_insured", "info"),
        finding("needs_written_contract", "/general_liability/waiver", "info"),
        finding("needs_written_contract", "/commercial_auto/waiver", "info"),
      ],
      around,
    );
    expect(others).toEqual([]);
    expect(only?.headline).toBe(
      "Your general liability and auto policies extend to Granite only if your written contract with them asks for it.",
    );
    expect(only?.details).toHaveLength(3);
  });
});
