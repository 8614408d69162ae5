import { expect, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { goTo, openInsured } from "./support/staff";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { people, STAFF } from "./support/surroundings";

interface Upload {
  readonly name: string;
  readonly text: string;
}

async function upload(page: Page, files: readonly Upload[]): Promise<void> {
  await goTo(page, "Settings");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByRole("link", { name: "New import" }).click();
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

  test("tells which record would change, and of what from what to what", async ({ staff }) => {
    await upload(staff, [
      {
        name: "insureds.csv",
        text: book.files.insureds.replace("(775) 555-0161", "(775) 555-0199"),
      },
    ]);
    const changes = staff.getByRole("table", { name: "Records that change" });
    const row = changes.getByRole("row").filter({ hasText: book.name });
    await expect(row).toContainText("(775) 555-0161", { timeout: 60_000 });
    await expect(row).toContainText(/Phone.*\(775\) 555-0161.*→.*\(775\) 555-0199/);
    await expect(row).not.toContainText("Kleppe Lane");
  });
});

test(
  "A file whose name does not tell its kind is asked about, and none is left out unseen",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Drywall");
    await goTo(staff, "Settings");
    await staff.getByRole("link", { name: "Import", exact: true }).click();
    await staff.getByRole("link", { name: "New import" }).click();
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
  },
);

test(
  "A workbook is refused with the way out of it, and who leaves before a file leaves nothing",
  AT_A_DESK,
  async ({ staff }) => {
    await goTo(staff, "Settings");
    await staff.getByRole("link", { name: "Import", exact: true }).click();
    await staff.getByRole("link", { name: "New import" }).click();
    const workbook = {
      name: "policies.xlsx",
      mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      buffer: Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14]),
    };
    const choose = staff.locator('input[type="file"]');
    await choose.setInputFiles([workbook]);
    await expect(staff.getByRole("alert")).toContainText("policies.xlsx: not taken");
    await expect(staff.getByRole("alert")).toContainText("CSV UTF-8");
    // A run begins, and gets an address of its own, with its first file.
    await expect(staff).toHaveURL(/\/settings\/import\/new$/);
    await staff.getByRole("link", { name: "All imports" }).click();
    await expect(staff.getByRole("table", { name: "Imports" })).toBeVisible();

    // Beside a file that is one, it is refused in its place, and the import goes on without it.
    await staff.getByRole("link", { name: "New import" }).click();
    const book = makeBook("Tiling");
    await choose.setInputFiles([
      workbook,
      { name: "insureds.csv", mimeType: "text/csv", buffer: Buffer.from(book.files.insureds) },
    ]);
    const refused = staff.getByRole("listitem").filter({ hasText: "policies.xlsx" });
    await expect(refused).toContainText("Not taken");
    await expect(refused.getByRole("combobox")).toHaveCount(0);
    await expect(staff.getByRole("listitem").filter({ hasText: "insureds.csv" })).toContainText(
      "Received",
    );
    await staff.getByRole("button", { name: "Check files" }).click();
    await expect(staff.getByRole("heading", { name: "All rows are good" })).toBeVisible({
      timeout: 60_000,
    });
    await expect(staff.getByRole("button", { name: "Write 1 record" })).toBeVisible();
  },
);

test("An import without a good row offers none to take", AT_A_DESK, async ({ staff }) => {
  await upload(staff, [
    {
      name: "holders.csv",
      text: "name,address_line1,city,state,postal_code\nBroken,1 A,Reno,ZZ,9\n",
    },
  ]);
  await expect(staff.getByRole("heading", { name: "1 row has faults" })).toBeVisible({
    timeout: 60_000,
  });
  await expect(staff.getByText("no row can be taken")).toBeVisible();
  await expect(staff.getByRole("button", { name: /^Take the/ })).toHaveCount(0);
});

test(
  "Who may not import is told so at the address, not at the button",
  AT_A_DESK,
  async ({ another }) => {
    const service = await another();
    await signIn(service, STAFF, people.service());
    for (const path of ["/settings/import", "/settings/import/new"]) {
      await service.goto(`${STAFF}${path}`);
      await expect(service.getByText("Your security group does not open this")).toBeVisible();
      await expect(service.getByRole("link", { name: "New import" })).toHaveCount(0);
      await expect(service.locator('input[type="file"]')).toHaveCount(0);
    }
  },
);

test("A template can be downloaded for each kind of file", AT_A_DESK, async ({ staff }) => {
  await goTo(staff, "Settings");
  await staff.getByRole("link", { name: "Import", exact: true }).click();
  for (const [kind, column] of [
    ["Insureds", "customer_id"],
    ["Holders", "emails"],
  ] as const) {
    const download = staff.waitForEvent("download");
    await staff.getByRole("button", { name: `download the template for ${kind}` }).click();
    expect(await readFile(await (await download).path(), "utf8")).toContain(column);
  }
});

test(
  "A long file is checked before one's eyes, and the page may be left meanwhile",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Masonry");
    const row = (n: number) =>
      `${book.customer}-${n},${book.name} ${n},commercial,Masonry,office-${n}@masonry.example.com,(775) 555-0161,1480 Kleppe Lane,Reno,NV,89512`;
    const many = Array.from({ length: 30_000 }, (_, n) => row(n + 1)).join("\n");
    await upload(staff, [{ name: "insureds.csv", text: `${book.files.insureds}${many}\n` }]);
    await expect(staff.getByRole("progressbar", { name: "Checking the files" })).toBeVisible();
    const run = staff.url();
    await goTo(staff, "Insureds");
    await staff.goto(run);
    await expect(staff.getByRole("heading", { name: "All rows are good" })).toBeVisible({
      timeout: 60_000,
    });
  },
);
