import { expect } from "@playwright/test";
import { loadBook, makeBook } from "./support/book";
import { createMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("A draft outlives a reload and not a page that was left by the address bar", async ({
  staff,
}) => {
  const book = makeBook("Roofing");
  const insured = await loadBook(staff, book);
  await createMaster(staff, insured, {
    name: "Liability",
    policies: { "General liability": book.policies.liability },
    portal: false,
  });
  const description = staff.getByRole("textbox", { name: "Description of operations" });
  const send = `${STAFF}/insureds/${insured}/send`;
  staff.on("dialog", (dialog) => void dialog.accept());
  await staff.goto(send);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await description.fill("Job 4471.");
  await staff.reload();
  await expect(description).toHaveValue("Job 4471.");
  await staff.goto(`${STAFF}/insureds/${insured}`);
  await expect(staff.getByRole("heading", { level: 1, name: book.name })).toBeVisible();
  await staff.goto(send);
  await expect(description).toHaveValue("");
});
