import { expect } from "@playwright/test";
import { loadBook, makeBook } from "./support/book";
import { issueOne } from "./support/certificates";
import { clientOf, data } from "./support/client";
import { yesterday } from "./support/days";
import { createMaster } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("A certificate that can no longer be resent says so before anybody tries", async ({
  staff,
}) => {
  const book = makeBook("Paving");
  const insured = await loadBook(staff, book);
  await createMaster(staff, insured, {
    name: "Liability",
    policies: { "General liability": book.policies.liability },
    portal: false,
  });
  const certificate = await issueOne(staff, insured, book.holderEmail);
  const client = clientOf(staff);
  const policies = data(
    await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
  );
  const policy = policies.data.find((each) => each.number === book.policies.liability)?.id ?? "";
  const params = { path: { policy } };
  const current = data(await client.GET("/v1/policies/{policy}", { params }));
  data(
    await client.PUT("/v1/policies/{policy}/cancellation", {
      params: { ...params, header: { "If-Match": `"${current.version}"` } },
      body: { effective_on: yesterday(), reason: "Sold the firm." },
    }),
  );

  await staff.goto(`${STAFF}/insureds/${insured}/documents/certificates`);
  await staff
    .getByRole("button", { name: `Actions for ${certificate.number}`, exact: false })
    .click();
  await staff.getByRole("menuitem", { name: "Resend exact copy" }).click();
  const dialog = staff.getByRole("dialog", { name: "Resend exact copy" });
  await expect(
    dialog.getByText(`Policy ${book.policies.liability}`, { exact: false }),
  ).toBeVisible();
  await expect(dialog.getByRole("link", { name: "Send a new certificate" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Resend/ })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toBeHidden();

  // On its page the reason stands in the open.
  await staff.goto(`${STAFF}/certificates/${certificate.id}`);
  await expect(
    staff.getByRole("note").getByText(`Policy ${book.policies.liability}`, { exact: false }),
  ).toBeVisible();
});
