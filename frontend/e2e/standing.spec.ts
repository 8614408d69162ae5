import { expect, type Locator, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { delayed, isCall } from "./support/faults";
import { mailTo } from "./support/mail";
import { loadBookWithMaster, openTab, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

/** What a certificate becomes after it was sent: revised, withdrawn, looked for, taken out as a file. */
test.describe.serial("A certificate after it was sent", () => {
  const book = makeBook("Paving");
  let insured = "";
  let first = "";
  let number = "";

  async function openLog(page: Page): Promise<Locator> {
    await page.goto(`${STAFF}/insureds/${insured}/documents/certificates`);
    const table = page.getByRole("table", { name: "Certificates Sent" });
    await expect(table).toBeVisible();
    return table;
  }

  async function saved(page: Page): Promise<string> {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    return readFile(await (await download).path(), "utf8");
  }

  test("staff send one", async ({ staff }) => {
    insured = await loadBookWithMaster(staff, book, "Job 4471, parking lot.");
    await staff.goto(`${STAFF}/insureds/${insured}/send`);
    await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
    const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
    await expect(send).toBeEnabled();

    // What is no address is no recipient: it stays where it was typed, with the reason.
    const to = staff.getByRole("combobox", { name: "To", exact: true });
    await to.fill("the office");
    await to.press("Enter");
    await expect(staff.getByText("are not email addresses such as")).toBeVisible();
    await expect(to).toHaveValue("the office");
    await expect(send).toHaveAttribute("aria-disabled", "true");
    await to.fill("");
    await expect(send).toBeEnabled();

    await send.click();
    await expect(staff).toHaveURL(/documents\/certificates/);
    await mailTo(book.holderEmail);
    const log = data(
      await clientOf(staff).GET("/v1/insureds/{insured}/certificates", {
        params: { path: { insured } },
      }),
    );
    first = log.data[0]?.id ?? "";
    number = log.data[0]?.number ?? "";
  });

  test("the holder's page tells what it held on a day", async ({ staff }) => {
    const found = data(
      await clientOf(staff).GET("/v1/holders", { params: { query: { q: book.holder } } }),
    );
    await staff.goto(`${STAFF}/holders/${found.data[0]?.id ?? ""}`);
    await expect(staff.getByRole("heading", { name: "What it held" })).toBeVisible();
    await expect(staff.getByRole("link", { name: number, exact: true })).toBeVisible();
    await expect(staff.getByText("General liability", { exact: true })).toBeVisible();
    await expect(staff.getByText("$1,000,000").first()).toBeVisible();
    const day = staff.getByRole("textbox", { name: "On", exact: true });
    await day.fill("01/15/2001");
    await day.press("Enter");
    await expect(
      staff.getByText("It held no certificate with cover for 01/15/2001."),
    ).toBeVisible();
  });

  test("a new revision begins with what the old one was, and takes its place", async ({
    staff,
  }) => {
    const table = await openLog(staff);
    await table.getByRole("button", { name: `Actions for ${number}` }).click();
    await staff.getByRole("menuitem", { name: "New revision" }).click();
    await expect(
      staff.getByRole("heading", { level: 1, name: `Revision 1 of certificate ${number}` }),
    ).toBeVisible();
    await expect(staff.getByRole("combobox", { name: "Master certificate" })).toHaveValue(
      "Liability",
    );
    await expect(staff.getByText(book.holderEmail).first()).toBeVisible();
    const words = staff.getByRole("textbox", { name: "Description of operations" });
    await expect(words).toHaveValue("Job 4471, parking lot.");
    await words.fill("Job 4471, parking lot and access road.");
    const send = staff.getByRole("button", { name: "Send revision 1 to 1 recipient" });
    await expect(send).toBeEnabled();
    await send.click();

    const title = `Certificate ${number}, revision 1`;
    await expect(staff.getByRole("heading", { level: 1, name: title })).toBeVisible();
    const mail = await mailTo(book.holderEmail, 2);
    expect(mail.subject).toContain(`${number}, revision 1`);

    // Both know each other, and the old one cannot be sent any more.
    await staff.getByRole("link", { name: "Revision 0" }).click();
    await expect(
      staff.getByRole("heading", { level: 1, name: `Certificate ${number}` }),
    ).toBeVisible();
    await expect(staff).toHaveURL(new RegExp(`/certificates/${first}$`));
    await expect(staff.getByRole("button", { name: "Resend exact copy" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    await staff.getByRole("note").getByRole("link", { name: "Superseded by rev. 1" }).click();
    await expect(staff.getByRole("heading", { level: 1, name: title })).toBeVisible();

    const log = await openLog(staff);
    const rows = log.getByRole("row").filter({ hasText: number });
    await expect(rows.filter({ hasText: "Accepted" })).toContainText("rev. 1");
    await expect(rows.filter({ hasText: "Superseded by rev. 1" })).toHaveCount(1);
  });

  test("a certificate is withdrawn with a reason that stands with it", async ({ staff }) => {
    const table = await openLog(staff);
    const row = table.getByRole("row").filter({ hasText: "Accepted" });
    await row.getByRole("button", { name: `Actions for ${number}` }).click();
    await staff.getByRole("menuitem", { name: "Withdraw certificate" }).click();
    const dialog = staff.getByRole("dialog", { name: "Withdraw certificate" });
    await dialog.getByRole("button", { name: "Withdraw certificate" }).click();
    await expect(dialog.getByText("Enter the reason.")).toBeVisible();
    await dialog.getByLabel("Reason").fill("The job was called off.");
    await dialog.getByRole("button", { name: "Withdraw certificate" }).click();
    await expect(dialog).toBeHidden();

    const withdrawn = table.getByRole("row").filter({ hasText: "Withdrawn" });
    await expect(withdrawn).toHaveCount(1);
    await withdrawn.getByRole("link", { name: book.holder }).click();
    const note = staff.getByRole("note");
    await expect(note).toContainText("The job was called off.");
    await expect(note).toContainText("Avery Collins");
    await expect(staff.getByRole("button", { name: "Resend exact copy" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    // A2.22: who did what with this one, and when.
    const history = staff.getByRole("listitem").filter({ hasText: "Avery Collins" });
    await expect(history.filter({ hasText: "Withdrew certificate" }).first()).toBeVisible();
    // How the mail went, step by step.
    const steps = staff.getByRole("list", { name: "What happened to it" }).first();
    await expect(steps.getByText("Queued")).toBeVisible();
    await expect(steps.getByText("Accepted")).toBeVisible();
    // Staff still save the page.
    const download = staff.waitForEvent("download");
    await staff.getByRole("button", { name: "Download" }).click();
    expect((await readFile(await (await download).path())).subarray(0, 4).toString()).toBe("%PDF");
  });

  test("A2.24 the log is filtered by sender and source, in the address, and exported", async ({
    staff,
  }) => {
    const table = await openLog(staff);
    await staff.getByRole("searchbox", { name: "Search sender" }).fill("collins");
    await expect(staff).toHaveURL(/sender=collins/);
    await expect(table.getByRole("row").filter({ hasText: number })).toHaveCount(2);
    await pick(staff, "Any state", "Withdrawn");
    await expect(staff).toHaveURL(/state=withdrawn/);
    await expect(table.getByRole("row").filter({ hasText: number })).toHaveCount(1);
    const file = await saved(staff);
    const lines = file.trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("number,revision,state");
    expect(lines[1]).toContain(`${number},1,withdrawn`);
    expect(lines[1]).toContain("The job was called off.");
    await pick(staff, "Any source", "In the portal");
    await expect(staff).toHaveURL(/source=portal/);
    await expect(staff.getByText("No certificate matches")).toBeVisible();

    // The agency's whole list knows the same filters.
    await staff.goto(`${STAFF}/certificates?sender=collins&state=withdrawn`);
    await expect(staff.getByRole("searchbox", { name: "Search sender" })).toHaveValue("collins");
    await expect(
      staff.getByRole("table").getByRole("row").filter({ hasText: book.holder }),
    ).toHaveCount(1);
  });

  test("A2.22 a list of the Activity History that was opened early stays open when entries come", async ({
    staff,
  }) => {
    await staff.goto(`${STAFF}/insureds/${insured}`);
    const entriesToCome = await delayed(staff, isCall("GET", /\/activity$/));
    await openTab(staff, "Activity History");
    const kinds = staff.getByRole("combobox", { name: "Any kind of act" });
    await kinds.click();
    const choice = staff.getByRole("option", { name: "What became of mail" });
    await expect(choice).toBeVisible();
    entriesToCome.letThrough();
    const entries = staff.getByRole("main").getByRole("listitem");
    await expect(entries.filter({ hasText: "Withdrew certificate" })).toBeVisible();
    await expect(choice).toBeVisible();
    await expect(kinds).toBeFocused();

    // Nor does a choice that finds nothing take the focus away.
    await staff.keyboard.press("Escape");
    await pick(staff, "Any kind of act", "Additional interests");
    await expect(staff.getByText("Nothing matches")).toBeVisible();
    await expect(kinds).toBeFocused();
  });

  test("A2.22 the Activity History is filtered by kind and days, and exported", async ({
    staff,
  }) => {
    await staff.goto(`${STAFF}/insureds/${insured}`);
    await openTab(staff, "Activity History");
    const entries = staff.getByRole("main").getByRole("listitem");
    await pick(staff, "Any kind of act", "Certificates sent and withdrawn");
    await expect(staff).toHaveURL(/kind=certificates/);
    await expect(entries).toHaveCount(3);
    await expect(entries.first()).toContainText("Withdrew certificate");
    const file = await saved(staff);
    expect(file.trim().split("\r\n")).toHaveLength(4);
    await pick(staff, "Any kind of act", "Looks, downloads, exports");
    await expect(entries.filter({ hasText: "Exported the activity history" })).toHaveCount(1);
    await staff.goto(`${STAFF}/insureds/${insured}/activity?from=2020-01-01&to=2020-01-31`);
    await expect(staff.getByText("Nothing matches")).toBeVisible();
  });

  test("A2.22 a certificate's own history is filtered in the address, and exported", async ({
    staff,
  }) => {
    await staff.goto(`${STAFF}/certificates/${first}`);
    const history = staff
      .locator("section")
      .filter({ has: staff.getByRole("heading", { level: 2, name: "Activity History" }) });
    const entries = history.getByRole("listitem");
    await expect(entries.filter({ hasText: "was accepted by the mail relay" })).toHaveCount(1);
    await pick(staff, "Any kind of act", "Certificates sent and withdrawn");
    await expect(staff).toHaveURL(/kind=certificates/);
    await expect(entries).toHaveCount(1);
    await expect(entries).toContainText(`Sent certificate ${number}`);
    // Whoever narrows it keeps looking at it.
    await expect(history.getByRole("search")).toBeInViewport();
    const lines = (await saved(staff)).trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("Avery Collins");
    expect(lines[1]).toContain(`Sent certificate ${number}`);
    await pick(staff, "Any kind of act", "Looks, downloads, exports");
    await expect(
      entries.filter({ hasText: `Exported the activity history of certificate ${number}` }),
    ).toHaveCount(1);
    await staff.goto(`${STAFF}/certificates/${first}?from=2020-01-01&to=2020-01-31`);
    await expect(history.getByText("Nothing matches")).toBeVisible();
    await history.getByRole("search").getByRole("button", { name: "Clear filters" }).click();
    await expect(entries.filter({ hasText: `Sent certificate ${number}` })).toHaveCount(1);
    await expect(staff).not.toHaveURL(/from=/);
  });
});
