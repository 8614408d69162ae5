import { expect } from "@playwright/test";
import { issueOne } from "./support/certificates";
import { makeBook } from "./support/book";
import { mailTo } from "./support/mail";
import { bounced } from "./support/relay";
import { loadBookWithMaster } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("Mail that came back is to be done, and goes to the right address in one act", async ({
  staff,
}) => {
  const book = makeBook("Paving");
  const insured = await loadBookWithMaster(staff, book);
  const sent = await issueOne(staff, insured, book.holderEmail);
  await mailTo(book.holderEmail);
  await bounced(sent.deliveries[0]?.id ?? "", book.holderEmail, "550 no such user");

  await staff.goto(`${STAFF}/`);
  const row = staff.getByRole("table", { name: "To do" }).getByRole("row", {
    name: new RegExp(sent.number),
  });
  await expect(row).toContainText("550 no such user");
  await row.getByRole("button", { name: "and send", exact: false }).click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(dialog.getByText("Enter the right address.")).toBeVisible();
  const right = `office@${book.holderEmail.split("@")[1] ?? ""}`;
  await dialog.getByRole("textbox", { name: "The right address" }).fill(right);
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(row).toHaveCount(0);
  const again = await mailTo(right);
  expect(again.subject).toContain(sent.number);

  await staff.goto(`${STAFF}/certificates/${sent.id}`);
  await expect(staff.getByText("Came back", { exact: false }).first()).toBeVisible();
});
