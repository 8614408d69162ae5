import { MAX_MAIL_BYTES } from "@countersign/api/limits";
import { expect, test } from "vitest";
import { isResendTooHeavy, mailBytes } from "./resend-weight";

test("a certificate is weighed with the files that go with it, before it is sent once more", () => {
  const files = (size_bytes: number) => ({ size_bytes: 7_000, attachments: [{ size_bytes }] });
  expect(mailBytes(files(1_000))).toBe(8_000);
  expect(isResendTooHeavy(files(MAX_MAIL_BYTES - 7_000), "attachment")).toBe(false);
  expect(isResendTooHeavy(files(MAX_MAIL_BYTES - 6_999), "attachment")).toBe(true);
  expect(isResendTooHeavy(files(MAX_MAIL_BYTES), "link")).toBe(false);
});
