import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import { expect, test } from "vitest";
import { isRowTooHeavy, tallyForms, weightOf } from "./many-endorsements";

const behind = (form: string, size_bytes?: number) => ({
  line: "general_liability" as const,
  policy_number: "GL-1",
  form,
  title: "A form",
  ...(size_bytes === undefined ? {} : { size_bytes }),
});

const row = (
  endorsements: readonly ReturnType<typeof behind>[],
  channel: "attachment" | "link" = "attachment",
) => ({ endorsements, channel });

test("each form stands once, with the holders whose certificates rest on it", () => {
  const forms = tallyForms([
    row([behind("CG 20 10 04 13", 48_000), behind("CG 24 04 05 09")]),
    row([behind("CG 20 10 04 13", 48_000)]),
    row([]),
  ]);
  expect(forms.map((each) => [each.form, each.sizeBytes, each.holders])).toEqual([
    ["CG 20 10 04 13", 48_000, 2],
    ["CG 24 04 05 09", null, 1],
  ]);
});

test("a certificate whose files are more than one mail carries is told from the others", () => {
  const half = MAX_MAIL_BYTES / 2;
  const heavy = [behind("A", half), behind("B", half + 1)];
  expect(isRowTooHeavy(row([behind("A", half), behind("B", half - 100_000)]))).toBe(false);
  // The page itself goes with the files.
  expect(isRowTooHeavy(row([behind("A", half), behind("B", half - 5_000)]))).toBe(true);
  expect(isRowTooHeavy(row(heavy))).toBe(true);
  expect(weightOf(heavy)).toBe(MAX_MAIL_BYTES + 1);
  // A link leads to files of any size.
  expect(isRowTooHeavy(row(heavy, "link"))).toBe(false);
});
