import { expect } from "@playwright/test";
import { issueOne } from "./support/certificates";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
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
  await expect(dialog.getByText("Enter the right one.", { exact: false })).toBeVisible();
  const right = `office@${book.holderEmail.split("@")[1] ?? ""}`;
  await dialog.getByRole("textbox", { name: "The right address" }).fill(right);
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(row).toHaveCount(0);
  const again = await mailTo(right);
  expect(again.subject).toContain(sent.number);

  await staff.goto(`${STAFF}/certificates/${sent.id}`);
  await expect(staff.getByText("Came back", { exact: false }).first()).toBeVisible();
});

test("A courtesy notice that came back goes to the right address in one act, or is sent again from the policy", async ({
  staff,
}) => {
  const book = makeBook("Glazing");
  const insured = await loadBookWithMaster(staff, book);
  await issueOne(staff, insured, book.holderEmail);
  await mailTo(book.holderEmail);
  const client = clientOf(staff);
  const policies = data(
    await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
  );
  const policy = policies.data.find((each) => each.number === book.policies.liability)?.id ?? "";
  const page = `${STAFF}/insureds/${insured}/policies/${policy}`;
  await staff.goto(page);
  await staff.getByRole("button", { name: "Cancel policy" }).click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Nonpayment of premium");
  await dialog.getByRole("button", { name: "Cancel policy" }).click();
  const notice = staff.getByRole("dialog", { name: /^Courtesy notice: policy .* is cancelled$/ });
  await notice.getByRole("button", { name: "Send to 1 holder" }).click();
  await expect(notice).toBeHidden();
  const mail = await mailTo(book.holderEmail, 2);
  await bounced(mail.made, book.holderEmail, "550 no such user");

  // It stands among what is to be done, leads to the policy, and goes for a reason only.
  await staff.goto(`${STAFF}/`);
  const row = staff.getByRole("table", { name: "To do" }).getByRole("row", {
    name: new RegExp(`Courtesy notice, policy ${book.policies.liability}`),
  });
  await expect(row).toContainText("550 no such user");
  await row.getByRole("button", { name: "Dismiss", exact: false }).click();
  await dialog.getByRole("button", { name: "Dismiss" }).click();
  await expect(dialog.getByText("Say why nothing is to be done.")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await row
    .getByRole("link", { name: `Courtesy notice, policy ${book.policies.liability}` })
    .click();

  // The policy's page says from where and why; the holder was not told, so it can be told again.
  const table = staff.getByRole("table", { name: "Holders with a live certificate" });
  const told = `It came back from ${book.holderEmail}: 550 no such user`;
  await expect(table.getByText(told)).toBeVisible();
  await staff.getByRole("button", { name: "Send courtesy notice" }).click();
  await expect(
    notice.getByText(`the last notice came back from ${book.holderEmail}`, { exact: false }),
  ).toBeVisible();
  await notice.getByRole("button", { name: "Send to 1 holder" }).click();
  await expect(notice).toBeHidden();
  await expect(table.getByText(told)).toHaveCount(0);
  const second = await mailTo(book.holderEmail, 3);
  await bounced(second.made, book.holderEmail, "550 no such user");

  // From the list of what is to be done it goes to the right address; so it does from the policy, when that came back.
  const domain = book.holderEmail.split("@")[1] ?? "";
  const send = async (address: string) => {
    await dialog.getByRole("textbox", { name: "The right address" }).fill(address);
    await dialog.getByRole("button", { name: "Send again" }).click();
    await expect(dialog).toBeHidden();
    return await mailTo(address);
  };
  const fix = `Change address and send the courtesy notice of policy ${book.policies.liability} again`;
  await staff.goto(`${STAFF}/`);
  await row.getByRole("button", { name: fix }).click();
  const third = await send(`office@${domain}`);
  expect(third.subject).toContain(book.policies.liability);
  await expect(row).toHaveCount(0);
  await bounced(third.made, `office@${domain}`, "550 no such user");
  await staff.goto(page);
  await table.getByRole("button", { name: fix }).click();
  await send(`site@${domain}`);
  await expect(table.getByRole("button", { name: fix })).toHaveCount(0);
  await expect(table.getByText(`site@${domain}`)).toBeVisible();
  await staff.goto(`${STAFF}/`);
  await expect(staff.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(row).toHaveCount(0);
});
