import { expect, test } from "vitest";
import { fileBehind, type PolicyWithForms } from "./file-behind";

const policy = (id: string, size: number | null): PolicyWithForms => ({
  id,
  number: "GL-1",
  line: "general_liability",
  endorsements: [
    {
      id: `${id} form`,
      form_number: "CG 20 10",
      edition: "04 13",
      title: "Additional Insured",
      effect: "additional_insured_ongoing",
      scope: "blanket",
      scheduled_parties: [],
      stands: true,
      file: size === null ? null : { name: "form.pdf", size_bytes: size, sha256: "00" },
    },
  ],
});
const behind = {
  form: "CG 20 10 04 13",
  line: "general_liability" as const,
  policy_number: "GL-1",
  size_bytes: 800,
};

test("the file of a form is found on the term that has this very file", () => {
  const terms = [policy("before", 700), policy("now", 800)];
  expect(fileBehind(behind, terms)?.policy).toBe("now");
  expect(fileBehind(behind, terms)?.form.id).toBe("now form");
});

test("what has no file, or is on no policy any more, cannot be looked at", () => {
  expect(fileBehind({ ...behind, size_bytes: null }, [policy("now", 800)])).toBeNull();
  expect(fileBehind(behind, [policy("now", null)])).toBeNull();
  expect(fileBehind({ ...behind, policy_number: "GL-2" }, [policy("now", 800)])).toBeNull();
});
