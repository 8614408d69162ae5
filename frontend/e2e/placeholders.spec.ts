import { expect } from "@playwright/test";
import { loadBook, makeBook } from "./support/book";
import { createMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("A placeholder that does not exist is marked while it is written, and the page stays", async ({
  staff,
}) => {
  const book = makeBook("Glazing");
  const insured = await loadBook(staff, book);
  await createMaster(staff, insured, {
    name: "Liability",
    policies: { "General liability": book.policies.liability },
    portal: false,
  });
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).not.toHaveAttribute("aria-disabled");
  const page = staff.getByRole("region", { name: "The page as it will print" });
  // What is written before the first page was drawn has no page that could stay.
  if (test.info().project.name === "desktop") {
    await expect(page.locator("canvas").first()).toBeVisible();
  }
  const description = staff.getByRole("textbox", { name: "Description of operations" });
  await description.pressSequentially("For {{holder.name}}");
  await expect(
    staff.getByText("{{holder.name}} is not a placeholder.", { exact: false }),
  ).toBeVisible();
  await expect(staff.getByText("{{insured}}", { exact: false })).toBeVisible();
  await expect(send).toHaveAttribute("aria-disabled", "true");
  if (test.info().project.name === "desktop") {
    await expect(staff.getByText("It is drawn when the marked fields are right.")).toBeVisible();
    await expect(page).toBeVisible();
  }
  await description.fill("For {{holder}}");
  await expect(send).not.toHaveAttribute("aria-disabled");
});
