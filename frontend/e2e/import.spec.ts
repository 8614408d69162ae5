import { expect, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { goTo, openInsured } from "./support/staff";
import { test } from "./support/stories";

interface Upload {
  readonly name: string;
  readonly text: string;
}

async function upload(page: Page, files: readonly Upload[]): Promise<void> {
  await goTo(page, "Settings");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByRole("button", { name: "New import" }).click();
  await page
    .locator('input[type="file"]')
    .setInputFiles(
      files.map(({ name, text }) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) })),
    );
  for (const { name } of files) {
    await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText(
      /\d+ rows|Received/,
    );
  }
  await page.getByRole("button", { name: "Check files" }).click();
}

function result(page: Page, file: string) {
  return page
    .getByRole("table", { name: "Result by file" })
    .getByRole("row")
    .filter({ hasText: file });
}

test.describe.serial("An import with a faulty row", () => {
  const book = makeBook("Fencing");
  const faulty = `${book.files.insureds}${book.customer}-B,Broken Row LLC,commercial,Fencing,office@broken.example.com,(775) 555-0162,1 Main Street,Reno,ZZ,89512\n`;
  const files = [
    { name: "insureds.csv", text: faulty },
    { name: "policies.csv", text: book.files.policies },
    { name: "coverages.csv", text: book.files.coverages },
  ];

  test("names every fault by file, line, column and reason, and writes nothing by itself", async ({
    staff,
  }) => {
    await upload(staff, files);
    await expect(staff.getByRole("heading", { name: "1 row has faults" })).toBeVisible({
      timeout: 60_000,
    });
    const fault = staff
      .getByRole("table", { name: "Faults" })
      .getByRole("row")
      .filter({ hasText: "ZZ" });
    await expect(fault).toContainText("Insureds");
    await expect(fault).toContainText("3");
    await expect(fault).toContainText("state");

    const download = staff.waitForEvent("download");
    await staff.getByRole("button", { name: "Download the refused rows of Insureds" }).click();
    const rejected = await readFile(await (await download).path(), "utf8");
    expect(rejected).toContain("Broken Row LLC");
    expect(rejected).toContain("reason");

    const kept = staff.url();
    await goTo(staff, "Insureds");
    await staff.getByRole("searchbox", { name: "Search insureds" }).fill(book.email);
    await expect(staff.getByText("No insured matches")).toBeVisible();

    await staff.goto(kept);
    await staff.getByRole("button", { name: /^Take the \d+ good rows$/ }).click();
    const ask = staff.getByRole("dialog", { name: "Take only the good rows?" });
    await ask.getByRole("button", { name: /^Take the \d+ good rows$/ }).click();
    await expect(staff.getByRole("heading", { name: "The import is written" })).toBeVisible({
      timeout: 60_000,
    });
    await openInsured(staff, book.name);
  });

  test("changes nothing when the same files come again", async ({ staff }) => {
    await upload(staff, [
      { name: "insureds.csv", text: book.files.insureds },
      { name: "policies.csv", text: book.files.policies },
      { name: "coverages.csv", text: book.files.coverages },
    ]);
    await expect(staff.getByRole("heading", { name: "All rows are good" })).toBeVisible({
      timeout: 60_000,
    });
    await expect(
      staff.getByText("Everything in these files is known already; nothing would change."),
    ).toBeVisible();
    await expect(result(staff, "Insureds")).toBeVisible();
  });
});

test("A file whose name does not tell its kind is asked about, and none is left out unseen", async ({
  staff,
}) => {
  const book = makeBook("Drywall");
  await goTo(staff, "Settings");
  await staff.getByRole("link", { name: "Import", exact: true }).click();
  await staff.getByRole("button", { name: "New import" }).click();
  await staff.locator('input[type="file"]').setInputFiles(
    [
      { name: "insureds.csv", text: book.files.insureds },
      { name: "export-2026.csv", text: book.files.policies },
    ].map(({ name, text }) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) })),
  );
  const check = staff.getByRole("button", { name: "Check files" });
  const file = staff.getByRole("listitem").filter({ hasText: "export-2026.csv" });
  const kind = file.getByRole("combobox");
  await expect(kind).toBeVisible();
  await expect(staff.getByRole("listitem").filter({ hasText: "insureds.csv" })).toContainText(
    /\d+ rows|Received/,
  );
  await expect(check).toHaveAttribute("aria-disabled", "true");
  await kind.click();
  await staff.getByRole("option", { name: "Policies" }).click();
  // From now on it goes by the name of its kind.
  await expect(staff.getByRole("listitem").filter({ hasText: "policies.csv" })).toContainText(
    /\d+ rows|Received/,
  );
  await expect(file).toHaveCount(0);
  await check.click();
  await expect(check).toBeHidden();
});

test("A template can be downloaded for each kind of file", async ({ staff }) => {
  await goTo(staff, "Settings");
  await staff.getByRole("link", { name: "Import", exact: true }).click();
  for (const [kind, column] of [
    ["Insureds", "customer_id"],
    ["Holders", "emails"],
  ] as const) {
    const download = staff.waitForEvent("download");
    await staff.getByRole("button", { name: `Download the template for ${kind}` }).click();
    expect(await readFile(await (await download).path(), "utf8")).toContain(column);
  }
});
