import { expect, test } from "vitest";
import { rowsOf } from "./state-rows";

const texas = {
  state: "TX",
  rule: "filed_form",
  severity: "block",
  source: "Insurance Code",
} as const;
const layout = (state: string, standing: "filed" | "not_required") => ({
  state,
  standing,
  reference: "SERFF 133",
  checked_on: "2026-10-01",
  by_name: "Avery Collins",
  at: "2026-10-01T17:00:00Z",
});

function effects(layouts: ReturnType<typeof layout>[]) {
  const rows = rowsOf({ data: [texas], layouts, unknown_state: "warn", may_state: true });
  return rows.map((row) => `${row.state} ${row.effect}`);
}

test("A statement settles what the rule leaves open, and a filing settles any rule", () => {
  expect(effects([])).toEqual(["TX block"]);
  expect(effects([layout("NV", "not_required")])).toEqual(["NV info", "TX block"]);
  expect(effects([layout("TX", "filed")])).toEqual(["TX info"]);
  // The rule came to ask for a filing after somebody had looked it up.
  expect(effects([layout("TX", "not_required")])).toEqual(["TX block"]);
});
