import { expect } from "@playwright/test";
import { makeBook } from "./support/book";
import { mailTo } from "./support/mail";
import { loadBookWithMaster, openTab, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

/** An additional interest is written down, gets its certificate from its own row, and is ended. */
test("An additional interest, from its first entry to its end", async ({ staff }) => {
  const book = makeBook("Grading");
  const word = unique();
  const lender = `Basin ${word} Leasing, Inc.`;
  const email = `proof@leasing-${word}.example.com`;
  const insured = await loadBookWithMaster(staff, book);

  await staff.goto(`${STAFF}/insureds/${insured}`);
  await openTab(staff, "Interests");
  await expect(staff.getByText("No additional interests yet")).toBeVisible();
  await staff.getByRole("link", { name: "New additional interest" }).click();
  await staff.getByRole("button", { name: "Add interest" }).click();
  await expect(staff.getByText("Choose the nature of the interest.")).toBeVisible();
  // What the library has of like names is told above the other fields, and moves them.
  const looked = staff.waitForResponse((answer) => answer.url().endsWith("/v1/holders/similar"));
  await staff.getByRole("textbox", { name: "Exact legal name" }).fill(lender);
  await looked;
  await staff.getByRole("textbox", { name: "Street address" }).fill("900 Rail Spur");
  await staff.getByRole("textbox", { name: "City" }).fill("Sparks");
  await pick(staff, "State", "Nevada");
  await staff.getByRole("textbox", { name: "ZIP code" }).fill("89434");
  await staff.getByRole("combobox", { name: "Email addresses" }).fill(email);
  await staff.getByRole("combobox", { name: "Email addresses" }).press("Enter");
  const nature = staff.getByRole("combobox", { name: "Nature of interest" });
  await nature.click();
  await nature.fill("LS");
  await staff.getByRole("option", { name: "LS – Lessor of leased equipment" }).click();
  await pick(staff, "What it is about", "A project or contract");
  await staff.getByRole("textbox", { name: "Project or contract" }).fill("Lease 88-104");
  await staff.getByRole("checkbox", { name: new RegExp(`^${book.policies.liability} `) }).check();
  await staff.getByRole("checkbox", { name: /^CG 20 10 04 13/ }).check();
  await staff.getByRole("button", { name: "Add interest" }).click();

  const current = staff.getByRole("table", { name: "Current" });
  await expect(current.getByRole("link", { name: lender })).toBeVisible();
  await expect(current.getByText("Lease 88-104")).toBeVisible();
  await expect(current.getByText("CG 20 10 04 13")).toBeVisible();

  // From its own row to the one send screen, with its name and its address.
  await staff.getByRole("button", { name: `Actions for ${lender}` }).click();
  await staff.getByRole("menuitem", { name: "Send certificate" }).click();
  await expect(staff.getByText("Additional interest: Lessor of leased equipment")).toBeVisible();
  // The form that was linked to it reaches it; its words come at a press.
  const unsaid = staff.getByText("CG 20 10 04 13 reaches it", { exact: false });
  await expect(unsaid).toBeVisible();
  await staff.getByRole("button", { name: "Insert its wording" }).click();
  await expect(unsaid).toHaveCount(0);
  await expect(staff.getByRole("textbox", { name: "Description of operations" })).toHaveValue(
    new RegExp(`CG 20 10 04 13, .*, applies to ${lender}`),
  );
  await staff.getByRole("button", { name: "Send certificate to 1 recipient" }).click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  expect((await mailTo(email)).subject).toContain(lender);

  const log = staff.getByRole("table", { name: "Certificates Sent" });
  await staff.goto(
    `${STAFF}/insureds/${insured}/documents/certificates?source=additional_interest`,
  );
  await log.getByRole("link", { name: lender }).click();
  await expect(staff.getByText("to an additional interest")).toBeVisible();
  await staff.getByRole("link", { name: "Lessor of leased equipment" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: lender })).toBeVisible();
  await expect(staff.getByRole("textbox", { name: "Project or contract" })).toHaveValue(
    "Lease 88-104",
  );

  await staff.goto(`${STAFF}/insureds/${insured}/interests`);
  await staff.getByRole("button", { name: `Actions for ${lender}` }).click();
  await staff.getByRole("menuitem", { name: "End", exact: true }).click();
  await staff.getByRole("dialog").getByRole("button", { name: "End interest" }).click();
  await expect(
    staff.getByRole("table", { name: "Ended" }).getByRole("link", { name: lender }),
  ).toBeVisible();
});
