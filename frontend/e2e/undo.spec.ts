import { expect } from "@playwright/test";
import { makeBook } from "./support/book";
import { issueOne } from "./support/certificates";
import { mailsTo, mailTo } from "./support/mail";
import { loadBookWithMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { patientStaff } from "./support/surroundings";
import { unique } from "./support/unique";

test("What was sent by mistake is undone before it leaves, and its mail never arrives", async ({
  staff,
}) => {
  const book = makeBook("Masonry");
  const insured = await loadBookWithMaster(staff, book);
  await staff.goto(`${patientStaff()}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).toBeEnabled();
  await send.click();
  await staff.getByRole("button", { name: /^Undo \(\d+\)$/ }).click();
  await expect(
    staff.getByText("The certificate keeps its number.", { exact: false }),
  ).toBeVisible();

  const row = staff.getByRole("table").getByRole("row").filter({ hasText: book.holder });
  await expect(row.getByText("Not sent (undone)")).toBeVisible();
  await row.getByRole("link", { name: book.holder }).click();
  const steps = staff.getByRole("list", { name: "What happened to it" }).first();
  await expect(steps.getByText(/^Undone by .+ before it left/)).toBeVisible();
  await expect(
    staff.getByText("Nobody got this certificate by mail", { exact: false }),
  ).toBeVisible();

  // A later sending waits as long and arrives: by then the undone one would have arrived, too.
  const later = `later-${unique()}@example.com`;
  await issueOne(staff, insured, later, { undoable: true });
  await mailTo(later);
  expect(await mailsTo(book.holderEmail)).toHaveLength(0);
});
