import { expect } from "@playwright/test";
import { loadBook, makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { mailTo } from "./support/mail";
import { chooseAction, createMaster, goTo, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

test("A2.21 a holder joins the library, is found under another name, changed, and its double merged", async ({
  staff,
}) => {
  const name = `Sierra Vista Builders ${unique()}`;
  const alias = `SVB ${unique()}`;
  await goTo(staff, "Holders");
  await staff.getByRole("link", { name: "New holder" }).click();
  await staff.getByRole("button", { name: "Create holder" }).click();
  await expect(staff.getByText("Enter the exact legal name.")).toBeVisible();
  await staff.getByRole("textbox", { name: "Exact legal name" }).fill(name);
  await staff.getByRole("combobox", { name: "Other names" }).fill(alias);
  await staff.getByRole("textbox", { name: "Street address" }).fill("900 Harbor Way");
  await staff.getByRole("textbox", { name: "City" }).fill("Reno");
  await pick(staff, "State", "Nevada");
  await staff.getByRole("textbox", { name: "ZIP code" }).fill("89501");
  await staff.getByRole("combobox", { name: "Email addresses" }).fill("certs@svb.example.com");
  await staff.getByRole("button", { name: "Create holder" }).click();
  await expect(staff.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(staff.getByText("certs@svb.example.com")).toBeVisible();

  // A double, found through the other name of the first one.
  const double = `${name} Inc`;
  await staff.getByRole("link", { name: "Certificate holders" }).click();
  await staff.getByRole("link", { name: "New holder" }).click();
  await staff.getByRole("textbox", { name: "Exact legal name" }).fill(double);
  // Before it is saved, the one that it may be is shown; it may be created all the same.
  const similar = staff.getByRole("status", { name: "The library may have it already" });
  const known = similar.getByRole("listitem").filter({ hasText: `${name} ` });
  await expect(known.getByRole("link", { name: "Open it" })).toBeVisible();
  await staff.getByRole("textbox", { name: "Street address" }).fill("900 Harbor Way");
  await staff.getByRole("textbox", { name: "City" }).fill("Reno");
  await pick(staff, "State", "Nevada");
  await staff.getByRole("textbox", { name: "ZIP code" }).fill("89501");
  await staff.getByRole("button", { name: "Create holder" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: double })).toBeVisible();
  await staff.getByRole("button", { name: `Merge into ${name}`, exact: true }).click();
  const dialog = staff.getByRole("dialog");
  await expect(dialog.getByText("This cannot be undone.", { exact: false })).toBeVisible();
  // Both as they are, side by side, before there is no way back.
  const names = dialog.getByRole("row", { name: /^Name/ });
  await expect(names.getByRole("cell")).toHaveText([double, name]);
  await expect(dialog.getByRole("row", { name: /^Mailing address/ })).toContainText(
    "900 Harbor Way",
  );
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(staff.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  await expect(staff.getByRole("definition").filter({ hasText: double })).toBeVisible();
  // Who merged them stands on the one that stays, with the double a step away.
  const trace = staff.getByRole("listitem").filter({ hasText: double });
  await expect(trace.getByRole("link", { name: double })).toBeVisible();
  await expect(trace).toContainText(/ by \S/);

  // Put away, looked for among the archived, and brought back.
  await chooseAction(staff, "Archive");
  await dialog.getByRole("button", { name: "Archive" }).click();
  await expect(staff.getByText("It is offered in no dropdown.", { exact: false })).toBeVisible();
  await staff.getByRole("link", { name: "Certificate holders" }).click();
  await staff.getByRole("searchbox", { name: "Search holders" }).fill(alias);
  await expect(staff.getByText("No holder matches")).toBeVisible();
  await staff.getByText("Archived", { exact: true }).click();
  await staff.getByRole("table").getByRole("link", { name }).click();
  await chooseAction(staff, "Restore");
  await expect(staff.getByText(`${name} is in use again.`)).toBeVisible();

  await chooseAction(staff, "Edit holder");
  await staff.getByRole("textbox", { name: "Phone" }).fill("(775) 555-0144");
  await pick(staff, "Delivery", "Secure link");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByRole("link", { name: "(775) 555-0144" })).toBeVisible();
  const delivery = staff.getByRole("definition").filter({ hasText: "Secure link" });
  await expect(delivery).toBeVisible();
});

test("A2.21 a holder that is needed once is not offered again; one that the library has is offered at once", async ({
  staff,
}) => {
  const book = makeBook("Drywall");
  const insured = await loadBook(staff, book);
  await createMaster(staff, insured, {
    name: "Liability",
    policies: { "General liability": book.policies.liability },
    portal: false,
  });
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await staff.getByText("New holder", { exact: true }).click();
  const name = staff.getByRole("textbox", { name: "Name", exact: true });

  // What is entered may be known: one step, and it is chosen.
  await name.fill(book.holder.replace(", Inc.", ""));
  await staff.getByRole("button", { name: `Use ${book.holder} of the library` }).click();
  await expect(staff.getByRole("combobox", { name: "Certificate holder" })).toHaveValue(
    book.holder,
  );

  const word = unique();
  const once = `Fairground Trust ${word}`;
  const email = `fair@${word}.example.com`;
  await staff.getByText("New holder", { exact: true }).click();
  await name.fill(once);
  await staff.getByRole("textbox", { name: "Street address" }).fill("1 Fair Street");
  await staff.getByRole("textbox", { name: "City" }).fill("Reno");
  await pick(staff, "State", "Nevada");
  await staff.getByRole("textbox", { name: "ZIP code" }).fill("89501");
  await staff.getByRole("textbox", { name: "Email" }).fill(email);
  await staff.getByRole("checkbox", { name: "For this certificate only" }).check();
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  await expect(staff.getByRole("table").getByRole("link", { name: once })).toBeVisible();
  await mailTo(email);
  const offered = data(
    await clientOf(staff).GET("/v1/insureds/{insured}/holders", { params: { path: { insured } } }),
  );
  expect(offered.data.map((each) => each.name)).toEqual([book.holder]);
});
