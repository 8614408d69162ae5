import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { yesterday } from "./support/days";
import { linkIn, mailTo } from "./support/mail";
import { loadBookWithMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("A holder that prefers a link gets one, unless the sender chooses otherwise for a certificate", async ({
  staff,
}) => {
  const book = makeBook("Flooring");
  const insured = await loadBookWithMaster(staff, book);
  const client = clientOf(staff);
  const used = data(
    await client.GET("/v1/insureds/{insured}/holders", { params: { path: { insured } } }),
  );
  await staff.goto(`${STAFF}/holders/${used.data[0]?.id ?? ""}/edit`);
  await pick(staff, "Delivery", "Secure link");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: book.holder })).toBeVisible();

  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await expect(staff.getByText("This holder prefers a secure link.")).toBeVisible();
  await expect(staff.getByRole("radio", { name: "Send a link" })).toBeChecked();
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  expect(await (await mailTo(book.holderEmail)).attachments()).toHaveLength(0);

  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await staff.getByRole("radio", { name: "Attach the PDF" }).check();
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  expect(await (await mailTo(book.holderEmail, 2)).attachments()).toHaveLength(1);
});

test("A certificate goes out as a link, is opened and saved, and the link is turned off", async ({
  staff,
  another,
}) => {
  const book = makeBook("Glazing");
  const insured = await loadBookWithMaster(staff, book);
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await staff.getByRole("radio", { name: "Send a link" }).check();
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);

  const mail = await mailTo(book.holderEmail);
  expect(await mail.attachments()).toHaveLength(0);
  const link = linkIn(mail);
  const holder = await another();
  await holder.goto(link);
  await expect(holder.getByText("Stands as issued")).toBeVisible();
  await expect(holder.getByText(book.holder).first()).toBeVisible();
  await expect(holder.locator("canvas").first()).toBeVisible();
  const download = holder.waitForEvent("download");
  await holder.getByRole("button", { name: "Download" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^Certificate-.+\.pdf$/);
  expect((await readFile(await saved.path())).subarray(0, 4).toString()).toBe("%PDF");

  // The mail promises that the link tells what stands of the certificate: a policy on it is cancelled.
  const client = clientOf(staff);
  const policies = data(
    await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
  );
  const policy = policies.data.find((each) => each.number === book.policies.liability)?.id ?? "";
  const path = { policy };
  const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
  data(
    await client.PUT("/v1/policies/{policy}/cancellation", {
      params: { path, header: { "If-Match": `"${record.version}"` } },
      body: { effective_on: yesterday(), reason: "Nonpayment of premium" },
    }),
  );
  await holder.reload();
  const told = holder.getByRole("alert").filter({ hasText: "No longer in force since" });
  await expect(told).toContainText(
    `The general liability policy ${book.policies.liability} was cancelled as of`,
  );
  await expect(holder.getByText("Stands as issued")).toHaveCount(0);

  await staff.getByRole("table").getByRole("link", { name: book.holder }).click();
  const steps = staff.getByRole("list", { name: "What happened to it" }).first();
  await expect(steps.getByText("Link opened for the first time")).toBeVisible();
  await expect(steps.getByText("Downloaded by the link")).toBeVisible();
  await staff.getByRole("button", { name: `Turn off link sent to ${book.holderEmail}` }).click();
  const dialog = staff.getByRole("dialog", { name: "Turn off this link?" });
  await expect(dialog.getByText("It was opened already.", { exact: false })).toBeVisible();
  await dialog.getByRole("button", { name: "Turn off link" }).click();
  await expect(dialog).toBeHidden();
  await expect(steps.getByText("Link turned off")).toBeVisible();

  // What is behind the fragment changes no page: the address is asked for anew.
  await holder.reload();
  await expect(
    holder.getByRole("heading", { level: 1, name: "This link was turned off" }),
  ).toBeVisible();
  await expect(holder.getByRole("link", { name: /^Call / })).toBeVisible();
});
