import { expect, type Locator } from "@playwright/test";
import { makeBook } from "./support/book";
import { mailTo } from "./support/mail";
import { loadBookWithMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

/** By the keyboard: the list hides once its field has scrolled away, and a click scrolls to what it clicks. */
async function choose(picker: Locator, name: string): Promise<void> {
  const field = picker.getByRole("combobox", { name: "Template" });
  // Enter before there is anything to choose chooses nothing, and does not send the form around it either.
  await field.fill("no template of this name");
  await field.press("Enter");
  await field.fill(name);
  await expect(picker.page().getByRole("option", { name })).toBeVisible();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(field).toHaveValue(name);
}

test("A2.26 a template is written once, filled for a holder, and says what the policies lack", async ({
  staff,
}) => {
  const book = makeBook("Roofing");
  const insured = await loadBookWithMaster(staff, book);
  const job = `Job ${unique()}`;
  const letter = `Letter ${unique()}`;
  await staff.goto(`${STAFF}/settings`);
  await staff.getByRole("link", { name: "Templates", exact: true }).click();
  const dialog = staff.getByRole("dialog");

  await staff.getByRole("button", { name: "New template" }).click();
  await dialog.getByRole("button", { name: "Create template" }).click();
  await expect(dialog.getByText("Write the text.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Name" }).fill(job);
  const text = dialog.getByRole("textbox", { name: "Description of operations" });
  await text.fill("Work for {{holdr}}, ");
  await dialog.getByRole("button", { name: "Create template" }).click();
  await expect(dialog.getByText("which is not a placeholder", { exact: false })).toBeVisible();
  await text.fill("Work for {{holder}}, ");
  await dialog.getByRole("button", { name: "Insert a placeholder" }).click();
  await staff.getByRole("menuitem", { name: "Contract or project" }).click();
  await expect(text).toHaveValue("Work for {{holder}}, {{reference}}");
  await dialog.getByRole("button", { name: "Add an endorsement" }).click();
  await dialog.getByRole("textbox", { name: "Form number 1" }).fill("CG 20 37");
  await dialog.getByRole("button", { name: "Create template" }).click();
  await expect(dialog).toHaveCount(0);

  await staff.getByRole("button", { name: "New template" }).click();
  await dialog.getByText("Mail", { exact: true }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill(letter);
  await dialog.getByRole("textbox", { name: "Subject" }).fill("Certificate for {{holder}}");
  await dialog.getByRole("textbox", { name: "Message" }).fill("Dear {{holder}},\nattached.");
  await dialog.getByRole("button", { name: "Create template" }).click();
  await expect(staff.getByRole("row").filter({ hasText: letter })).toContainText("Mail");

  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await staff.getByRole("button", { name: "Use a template" }).first().click();
  const picker = staff.getByRole("group", { name: "Use a template" });
  await choose(picker, job);
  await picker.getByRole("button", { name: "Insert" }).click();
  await expect(picker.getByText("Enter the contract or project.")).toBeVisible();
  await picker.getByRole("textbox", { name: "Contract or project" }).fill("Pier 4471");
  await expect(picker.getByText(`Work for ${book.holder}, Pier 4471`)).toBeVisible();
  await expect(picker.getByText("CG 20 37 is needed by this text", { exact: false })).toBeVisible();
  // Whoever goes on at once is not left waiting for the text to be filled anew.
  const reference = picker.getByRole("textbox", { name: "Contract or project" });
  await reference.fill("Pier 4472");
  await reference.press("Enter");
  await expect(picker).toHaveCount(0);
  await expect(staff.getByRole("textbox", { name: "Description of operations" })).toHaveValue(
    `Work for ${book.holder}, Pier 4472`,
  );

  // Nobody at the holder's domain got mail before, but it stands with the holder; a slip of the keyboard is said.
  const slip = book.holderEmail.replace("builders", "bulders");
  const copy = staff.getByRole("combobox", { name: "Copy to" });
  await copy.fill(slip);
  await copy.press("Enter");
  await expect(staff.getByText("looks like", { exact: false })).toBeVisible();
  await copy.press("Backspace");
  await expect(staff.getByText("looks like", { exact: false })).toHaveCount(0);
  // The suggestions that came meanwhile cover what is below them until the field is left.
  await copy.press("Tab");

  await staff.getByRole("button", { name: "Add subject and message" }).click();
  await staff.getByRole("button", { name: "Use a template" }).last().click();
  await choose(picker, letter);
  await picker.getByRole("button", { name: "Insert" }).click();
  await expect(picker).toHaveCount(0);
  await staff.getByRole("button", { name: "Send certificate to 1 recipient" }).click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  const mail = await mailTo(book.holderEmail);
  expect(mail.subject).toBe(`Certificate for ${book.holder}`);
  expect(mail.text).toContain(`Dear ${book.holder},`);
});
