import { expect, test } from "vitest";
import {
  type Finding,
  markOf,
  placeOf,
  policyOf,
  remedyOf,
  shareFindings,
  withLine,
} from "./findings";

test("a finding stands under the decision that it speaks of", () => {
  expect(placeOf({ code: "policy_expired", field: "/general_liability/expires_on" })).toBe(
    "master",
  );
  expect(
    placeOf({ code: "waiver_without_endorsement", field: "/workers_compensation/waiver" }),
  ).toBe("marks");
  expect(placeOf({ code: "coverage_differs", field: "/holder/name" })).toBe("holder");
  expect(placeOf({ code: "coverage_differs", field: "/description" })).toBe("description");
  expect(placeOf({ code: "coverage_differs", field: "/recipients/to/0" })).toBe("recipients");
  expect(placeOf({ code: "nothing_to_print", field: "/" })).toBe("master");
});

test("each finding that can be mended here says how", () => {
  expect(remedyOf({ code: "policy_expired" })).toBe("edit_master");
  expect(remedyOf({ code: "named_insured_differs" })).toBe("edit_insured");
  expect(remedyOf({ code: "needs_written_contract" })).toBeNull();
  expect(remedyOf({ code: "notice_promised" })).toBe("mend");
});

test("that a policy is to be cancelled is said once in the description", () => {
  expect(remedyOf({ code: "policy_cancellation_pending" })).toBe("describe");
  const policies = [
    { line: "general_liability", number: "GL-1" },
    { line: "umbrella_excess", number: "UM-1" },
  ];
  expect(policyOf({ field: "/umbrella_excess/expires_on" }, policies)?.number).toBe("UM-1");
  expect(policyOf({ field: "/" }, policies)).toBeUndefined();
  const sentence = "Policy UM-1 is to be cancelled on 12/20/2026.";
  expect(withLine("", sentence)).toBe(sentence);
  expect(withLine("Job 4471.\n", sentence)).toBe(`Job 4471.\n${sentence}`);
  expect(withLine(`Job 4471.\n${sentence}`, sentence)).toBe(`Job 4471.\n${sentence}`);
});

test("what is found about every row is said once, and what blocks stays in its row", () => {
  const found = (message: string, severity: Finding["severity"] = "warn"): Finding => ({
    code: "layout_not_filed",
    field: "/",
    message,
    fix: "",
    liftable: false,
    severity,
  });
  const [layout, ends, sign] = [found("layout"), found("ends"), found("sign", "block")];
  expect(
    shareFindings([
      [layout, sign],
      [sign, ends, layout],
    ]),
  ).toEqual({
    shared: [layout],
    some: [],
    own: [[sign], [sign, ends]],
  });
  // Of one row nothing is shared, and what one row lacks is not either.
  expect(shareFindings([[layout]])).toEqual({ shared: [], some: [], own: [[layout]] });
  expect(shareFindings([[layout], []])).toEqual({
    shared: [],
    some: [],
    own: [[layout], []],
  });
  // What is merely to be known is said once for those whom it is about.
  const note = found("contract", "info");
  expect(shareFindings([[note], [note, ends], [sign]])).toEqual({
    shared: [],
    some: [note],
    own: [[], [ends], [sign]],
  });
});

test("a mark is named by its line and box", () => {
  expect(
    markOf({ code: "waiver_without_endorsement", field: "/general_liability/waiver" }),
  ).toEqual({ line: "general_liability", mark: "waiver" });
  expect(markOf({ code: "nothing_to_print", field: "/" })).toBeNull();
});
