import { expect, type Locator } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { goTo, loadBookWithMaster, pick } from "./support/staff";
import { AT_A_DESK, test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

/** How far down the page a field's input begins. */
async function top(field: Locator): Promise<number | undefined> {
  return (await field.boundingBox())?.y;
}

test("Fields of a row stay in line beside one that is refused", AT_A_DESK, async ({ staff }) => {
  const book = makeBook("Fencing");
  const insured = await loadBookWithMaster(staff, book);
  const found = data(
    await clientOf(staff).GET("/v1/holders", { params: { query: { q: book.holder } } }),
  );
  await staff.goto(`${STAFF}/holders/${found.data[0]?.id ?? ""}/insureds/${insured}/edit`);
  const liability = staff.getByRole("group", { name: "General liability" });
  const occurrence = liability.getByRole("textbox", { name: "Each occurrence" });
  await occurrence.fill("a lot");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByText("Enter an amount in dollars such as 1,000,000.")).toBeVisible();
  // A refusal says what to mend; only a failure of the server bears an id to ask with.
  await expect(staff.getByRole("alert")).toContainText("Some fields need a correction");
  await expect(staff.getByText(/^Request id/)).toHaveCount(0);
  const beside = liability.getByRole("textbox", { name: "Damage to rented premises" });
  expect(await top(occurrence)).toBe(await top(beside));

  await staff.goto(`${STAFF}/holders/new`);
  const careOf = staff.getByRole("textbox", { name: "Attention or care of" });
  const otherNames = staff.getByRole("combobox", { name: "Other names" });
  await expect(careOf).toBeVisible();
  const apart = ((await top(careOf)) ?? 0) - ((await top(otherNames)) ?? 0);
  // The field of several names frames its input by a few pixels.
  expect(Math.abs(apart)).toBeLessThan(12);
});

/** Whether a button shows its whole label. */
async function isWhole(button: Locator): Promise<boolean> {
  return button.evaluate((element) =>
    [element, ...element.querySelectorAll("*")].every(
      (part) => part.scrollWidth <= part.clientWidth || part.clientWidth === 0,
    ),
  );
}

/** What a holder asks for, from the send screen to the holder's page, and the group that it is in. */
test("A holder's requirements are told before sending, and holders are gathered in a group", async ({
  staff,
}) => {
  const book = makeBook("Masonry");
  const word = unique();
  const insured = await loadBookWithMaster(staff, book);
  const found = data(
    await clientOf(staff).GET("/v1/holders", { params: { query: { q: book.holder } } }),
  );
  const holder = found.data[0]?.id ?? "";

  // On the way to a certificate somebody writes down what the contract asks for, and comes back.
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  await staff.getByRole("button", { name: "Write down what it asks for" }).click();
  await staff.getByRole("textbox", { name: "Contract or project" }).fill(`Job ${word}`);
  await staff.getByRole("checkbox", { name: "Receives renewals" }).uncheck();
  const liability = staff.getByRole("group", { name: "General liability" });
  await liability.getByRole("textbox", { name: "Each occurrence" }).fill("a lot");
  await liability.getByRole("textbox", { name: "General aggregate" }).fill("$900,000,000");
  await staff.getByRole("checkbox", { name: "For completed operations" }).check();
  await staff.getByRole("button", { name: "Add a form" }).click();
  await staff.getByRole("textbox", { name: "Form number" }).fill("CG 20 26");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByText("Enter an amount in dollars such as 1,000,000.")).toBeVisible();
  await liability.getByRole("textbox", { name: "Each occurrence" }).fill("500,000");
  await staff.getByRole("button", { name: "Save changes" }).click();

  const asked = staff.getByRole("list", { name: `What ${book.holder} asks for` });
  await expect(asked.getByRole("listitem")).toHaveCount(4);
  await expect(staff.getByText("1 of 4 requirements met")).toBeVisible();
  // Whoever does not scroll down to them reads it in the foot.
  await expect(
    staff.getByText("3 of 4 of what the holder asks for are not met").last(),
  ).toBeInViewport();
  await expect(asked.getByText("Ask the carrier for CG 20 37.")).toBeVisible();
  // Where something blocks besides, the foot has most to say; what is pressed there stays whole.
  const words = staff.getByRole("textbox", { name: "Description of operations" });
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  const written = await words.inputValue();
  await words.fill("30 days notice will be given.");
  await expect(staff.getByText("Resolve 1 finding first.")).toBeInViewport();
  const ask = staff.getByRole("button", { name: "Ask for approval" });
  for (const button of [ask, send]) expect(await isWhole(button)).toBe(true);
  await words.fill(written);
  await staff.getByRole("button", { name: "Insert contract" }).click();
  await expect(staff.getByRole("textbox", { name: "Description of operations" })).toHaveValue(
    new RegExp(`Job ${word}$`),
  );
  // It warns and does not stand in the way.
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);

  // The renewal run leaves it out, and takes it along for whoever ticks it.
  const masters = data(
    await clientOf(staff).GET("/v1/insureds/{insured}/masters", { params: { path: { insured } } }),
  );
  await staff.goto(`${STAFF}/insureds/${insured}/renewal?master=${masters.data[0]?.id ?? ""}`);
  await expect(staff.getByText("1 holder is set aside", { exact: false })).toBeVisible();
  const tick = staff.getByRole("checkbox", { name: new RegExp(book.holder) });
  await expect(tick).not.toBeChecked();
  await tick.check();
  await expect(staff.getByText("1 certificate to send", { exact: false })).toBeVisible();

  // The holder's page knows the contract, and what the holder has.
  await staff.goto(`${STAFF}/holders/${holder}`);
  await expect(staff.getByText(`Job ${word}`)).toBeVisible();
  await staff.getByRole("link", { name: book.name, exact: true }).first().click();
  await expect(staff.getByRole("heading", { level: 1, name: book.name })).toBeVisible();
  await expect(staff.getByText("1 of 4 requirements met", { exact: false })).toBeVisible();
  await expect(staff.getByText("Left out of renewal runs since", { exact: false })).toBeVisible();

  // A group of holders is made, joined, and filters the library.
  await goTo(staff, "Holders");
  await staff.getByRole("link", { name: "Groups", exact: true }).click();
  await staff.getByRole("button", { name: "New group" }).first().click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(`General contractors ${word}`);
  await dialog.getByRole("button", { name: "Create group" }).click();
  await expect(
    staff.getByRole("heading", { level: 1, name: `General contractors ${word}` }),
  ).toBeVisible();
  await staff.getByRole("combobox", { name: "Add a holder" }).fill(book.holder);
  await staff.getByRole("option", { name: new RegExp(book.holder) }).click();
  const members = staff.getByRole("list", { name: "Holders of the group" });
  await expect(members.getByRole("link", { name: book.holder })).toBeVisible();
  await staff.getByRole("link", { name: "Show in the library" }).click();
  const table = staff.getByRole("table", { name: "Certificate holders" });
  await expect(table.getByRole("link", { name: book.holder })).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(2);
  const download = staff.waitForEvent("download");
  await staff.getByRole("button", { name: "Export CSV" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  expect(file.trim().split("\r\n")).toHaveLength(2);
  expect(file).toContain(holder);

  // To all of the group at once.
  await staff.goto(`${STAFF}/insureds/${insured}/bulk`);
  await staff.getByText("Group", { exact: true }).click();
  await pick(staff, "Group", new RegExp(`General contractors ${word}`));
  await staff.getByRole("button", { name: "Choose all 1", exact: true }).click();
  await expect(staff.getByText("3 requirements not met")).toBeVisible();
  await expect(staff.getByText("1 certificate to send", { exact: false })).toBeVisible();
});
