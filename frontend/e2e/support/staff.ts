import { expect, type Page } from "@playwright/test";
import { type Book, loadBook } from "./book";
import { STAFF } from "./surroundings";

/** Chooses a place of the navigation, which a phone keeps in a drawer. */
export async function goTo(page: Page, place: string): Promise<void> {
  // The frame first: until it is there, a phone looks like a page without a drawer.
  await expect(page.getByRole("banner").first()).toBeVisible();
  const drawer = page.getByRole("button", { name: "Open the navigation" });
  if (await drawer.isVisible()) await drawer.click();
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: place, exact: true })
    .click();
}

/** Finds an insured through the Insureds menu and opens the profile. */
export async function openInsured(page: Page, name: string): Promise<void> {
  await goTo(page, "Insureds");
  await page.getByRole("searchbox", { name: "Search insureds" }).fill(name);
  await page.getByRole("table", { name: "Insureds" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export async function chooseAction(page: Page, action: string): Promise<void> {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

export async function openTab(page: Page, tab: string): Promise<void> {
  await page.getByRole("navigation", { name: "Profile" }).getByRole("link", { name: tab }).click();
}

/** Picks an option of a list field. */
export async function pick(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option }).click();
}

/** Actions > Create User Account with these rights, by their labels. */
export async function createUserAccount(page: Page, rights: readonly string[]): Promise<void> {
  await chooseAction(page, "Create User Account");
  const dialog = page.getByRole("dialog", { name: "Create User Account" });
  for (const right of rights) await dialog.getByRole("checkbox", { name: right }).check();
  await dialog.getByRole("button", { name: "Save and send invitation" }).click();
  await expect(dialog).toBeHidden();
}

/** A master certificate over policies in force, by line and number. */
export async function createMaster(
  page: Page,
  insured: string,
  master: {
    readonly name: string;
    readonly description?: string;
    readonly policies: Readonly<Record<string, string>>;
    readonly portal: boolean;
  },
): Promise<void> {
  await page.goto(`${STAFF}/insureds/${insured}/masters/new`);
  await page.getByLabel("Name", { exact: false }).first().fill(master.name);
  for (const [line, number] of Object.entries(master.policies)) {
    await pick(page, `Policy for ${line}`, new RegExp(`^${number} `));
  }
  if (master.description !== undefined) {
    await page
      .getByLabel("Description of operations, locations, vehicles")
      .fill(master.description);
  }
  const opened = page.getByRole("switch", { name: "The insured may use it in the portal" });
  await opened.setChecked(master.portal);
  await page.getByRole("button", { name: "Create master certificate" }).click();
  await expect(page).toHaveURL(/\/masters$/);
}

/** Loads a book, and writes a master certificate over its liability policy for staff alone. */
export async function loadBookWithMaster(
  page: Page,
  book: Book,
  description?: string,
): Promise<string> {
  const insured = await loadBook(page, book);
  await createMaster(page, insured, {
    name: "Liability",
    ...(description === undefined ? {} : { description }),
    policies: { "General liability": book.policies.liability },
    portal: false,
  });
  return insured;
}
