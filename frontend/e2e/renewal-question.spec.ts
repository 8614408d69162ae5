import { expect } from "@playwright/test";
import { issueOne } from "./support/certificates";
import { makeBook } from "./support/book";
import { linkIn, mailTo } from "./support/mail";
import { bounced } from "./support/relay";
import { chooseAction, loadBookWithMaster, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

test("The insured says by a link who still needs a certificate, and the renewal run follows", async ({
  staff,
  another,
}) => {
  const book = makeBook("Fencing");
  const insured = await loadBookWithMaster(staff, book);
  await issueOne(staff, insured, book.holderEmail);
  await mailTo(book.holderEmail);

  await staff.goto(`${STAFF}/insureds/${insured}`);
  await chooseAction(staff, "Renewal run");
  await pick(staff, "Master certificate", /^Liability/);
  const tick = staff.getByRole("checkbox", { name: `Send to ${book.holder}` });
  await expect(tick).not.toBeChecked();
  await staff.getByRole("button", { name: "Ask the insured who needs one" }).click();
  const dialog = staff.getByRole("dialog", { name: "Ask who still needs a certificate" });
  await expect(dialog.getByText(book.email).first()).toBeVisible();
  await dialog.getByRole("button", { name: "Send question" }).click();
  await expect(dialog).toBeHidden();
  await expect(staff.getByText("Waiting for an answer")).toBeVisible();
  // Whoever sends before the answer is here is asked whether that is meant.
  await tick.check();
  await staff.getByRole("button", { name: "Send 1 certificate" }).click();
  const early = staff.getByRole("dialog", { name: "Send 1 certificate?" });
  await expect(early.getByText("has not answered yet", { exact: false })).toBeVisible();
  await early.getByRole("button", { name: "Cancel" }).click();
  await expect(early).toBeHidden();

  // It came back from somewhere: the run and the home page say so, and the link takes an answer still.
  const asked = await mailTo(book.email);
  await bounced(asked.made, book.email, "550 no such user");
  await staff.reload();
  await expect(staff.getByText(`It came back from ${book.email}: 550 no such user`)).toBeVisible();
  const run = staff.url();
  await staff.goto(`${STAFF}/`);
  const row = staff
    .getByRole("table", { name: "To do" })
    .getByRole("row", { name: new RegExp(book.name) });
  await expect(row).toContainText("550 no such user");

  const person = await another();
  await person.goto(linkIn(asked));
  await expect(
    person.getByRole("heading", { level: 1, name: "Who still needs a certificate?" }),
  ).toBeVisible();
  await person.getByRole("checkbox", { name: book.holder }).check();
  await person.getByRole("button", { name: "Send answer" }).click();
  await expect(person.getByText("Enter your name.")).toBeVisible();
  await person.getByRole("textbox", { name: "Your name" }).fill("Pat Rivera");
  await person.getByRole("button", { name: "Send answer" }).click();
  await expect(person.getByRole("heading", { name: "Your answer is sent" })).toBeVisible();
  await person.reload();
  await expect(person.getByRole("heading", { name: "This link was used already" })).toBeVisible();

  // The answer takes the place of what came back, and leads to the run.
  await staff.goto(`${STAFF}/`);
  await expect(row).toContainText("Pat Rivera");
  await expect(row).toContainText("Still needed by 1 of 1 holder.");
  await row.getByRole("link", { name: "Open renewal run", exact: false }).click();
  await expect(staff).toHaveURL(run);
  await expect(staff.getByText("Pat Rivera answered on", { exact: false })).toBeVisible();
  await expect(staff.getByText("The insured: still needs one")).toBeVisible();
  await expect(tick).toBeChecked();

  // Until somebody says that they have seen it, or starts the run.
  await staff.goto(`${STAFF}/`);
  await row.getByRole("button", { name: "Mark as seen", exact: false }).click();
  await expect(row).toHaveCount(0);
});
