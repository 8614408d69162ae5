import { expect, test } from "vitest";
import { liftedBy } from "./lifted";

test("what blocked a certificate and was lifted tells by whom", () => {
  const finding = {
    code: "notice_promised" as const,
    field: "/description",
    message: "It promises notice.",
  };
  const overrides = [{ finding, approved_by_name: "Jordan Reyes" }];
  expect(liftedBy({ ...finding, severity: "block" }, overrides)).toBe("Jordan Reyes");
  expect(liftedBy({ ...finding, severity: "block", field: "/" }, overrides)).toBeNull();
  expect(liftedBy({ ...finding, severity: "warn" }, overrides)).toBeNull();
  expect(liftedBy({ ...finding, severity: "block" }, [])).toBeNull();
});
