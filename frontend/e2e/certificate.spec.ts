import { expect, type Locator, type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { loadBook, makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { mailsTo, mailTo } from "./support/mail";
import { acceptInvitation, goTo as goToPlace, PASSWORD } from "./support/portal";
import {
  chooseAction,
  createMaster,
  createUserAccount,
  openInsured,
  openTab,
  pick,
} from "./support/staff";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { PORTAL, STAFF } from "./support/surroundings";
import { capitalized, unique } from "./support/unique";

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function downloaded(page: Page, start: () => Promise<void>): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await start();
  return readFile(await (await download).path());
}

/** Documents > Certificates Sent of an insured, as staff. */
async function openLog(page: Page, insured: string): Promise<Locator> {
  await page.goto(`${STAFF}/insureds/${insured}`);
  await openTab(page, "Documents");
  const table = page.getByRole("table", { name: "Certificates Sent" });
  await expect(table).toBeVisible();
  return table;
}

test.describe.serial("A certificate, from the master to the resend", () => {
  const book = makeBook("Roofing");
  const word = unique();
  const holder = `${capitalized(word)} General Contractors LLC`;
  const holderEmail = `risk@${word}.example.com`;
  const copied = `job@${word}.example.com`;
  const corrected = `correct@${word}.example.com`;
  const masterName = "Liability and auto";
  const description = "Job 4471, roof replacement at 1200 Kietzke Lane, Reno.";
  let insured = "";
  let number = "";
  let fingerprint = "";

  test("A2.25 staff create a master certificate and open it to the portal", async ({ staff }) => {
    insured = await loadBook(staff, book);
    await openInsured(staff, book.name);
    await createUserAccount(staff, [
      "View Policy Information",
      "Certificates Sent",
      "Send Certificates",
    ]);
    await createMaster(staff, insured, {
      name: masterName,
      description,
      policies: {
        "General liability": book.policies.liability,
        "Commercial auto": book.policies.auto,
      },
      portal: true,
    });
    await expect(staff.getByRole("link", { name: masterName })).toBeVisible();

    // And change it: what was printed stays as it was, what is sent from now on follows.
    await staff.getByRole("link", { name: masterName }).click();
    const text = staff.getByLabel("Description of operations, locations, vehicles");
    await expect(text).toHaveValue(description);
    await text.fill(`${description} Second phase.`);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff).toHaveURL(/\/masters$/);
    await staff.getByRole("link", { name: masterName }).click();
    await expect(text).toHaveValue(`${description} Second phase.`);
    await text.fill(description);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff).toHaveURL(/\/masters$/);
  });

  test("A1.07 A1.09 A1.28 A1.30 the insured sees the cover and sends a certificate to a new holder", async ({
    portal,
  }) => {
    await acceptInvitation(portal, book.email);
    await expect(portal.getByText("2 policies are in force.")).toBeVisible();
    await goToPlace(portal, "Policies");
    await portal.getByRole("link", { name: "General Liability" }).first().click();
    await expect(portal.getByText(book.policies.liability)).toBeVisible();
    await expect(portal.getByText("CG 20 10 (04 13)")).toBeVisible();
    await expect(portal.getByText("$2,000,000").first()).toBeVisible();

    await goToPlace(portal, "Send");
    // The only master that was opened is chosen already, and who got one before is on the list.
    await expect(portal.getByRole("radio", { name: masterName })).toBeChecked();
    await expect(portal.getByRole("radio", { name: book.holder })).toBeVisible();
    await portal.getByRole("button", { name: "Someone new" }).click();
    await portal.getByRole("button", { name: "See the certificate" }).click();
    await expect(portal.getByText("Enter the name.")).toBeVisible();
    await expect(portal.getByLabel("Company or person")).toBeFocused();
    await portal.getByLabel("Company or person").fill(holder);
    await portal.getByLabel("Street address").fill("9550 Gateway Drive");
    await portal.getByLabel("City").fill("Reno");
    await portal.getByLabel("State").selectOption("Nevada");
    await portal.getByLabel("ZIP code").fill("895");
    await portal.getByLabel("Email").fill(holderEmail);
    await portal.getByRole("button", { name: "See the certificate" }).click();
    await expect(portal.getByLabel("ZIP code")).toHaveAttribute("aria-invalid", "true");
    await portal.getByLabel("ZIP code").fill("89521");
    await portal.getByRole("button", { name: "See the certificate" }).click();

    // The page itself, before anything is sent.
    await expect(portal.getByRole("heading", { name: "Look it over" })).toBeVisible();
    const preview = portal.getByRole("region", { name: "Preview of the certificate" }).first();
    await expect(preview.locator("canvas").first()).toBeVisible();
    await expect(preview.getByText(book.policies.liability).first()).toBeAttached();
    await expect(preview.getByText(holder).first()).toBeAttached();
    await expect(portal.getByText("only if your written contract")).toBeHidden();
    await portal.getByRole("button", { name: "Looks right" }).click();

    const to = portal.getByRole("combobox", { name: "Send to" });
    await expect(portal.getByText(holderEmail)).toBeVisible();
    await to.fill(`${copied},`);
    await portal.getByLabel("A few words to go with it (optional)").fill("As agreed on the phone.");
    expect(await mailsTo(holderEmail)).toEqual([]);
    await portal.getByRole("button", { name: "Send to 2 people" }).click();
    await expect(
      portal.getByRole("heading", { name: /^Your certificate is (on its way|sent)$/ }),
    ).toBeVisible();
    // The state follows the mail until the mail service has taken it.
    await expect(portal.getByRole("heading", { name: "Your certificate is sent" })).toBeVisible({
      timeout: 60_000,
    });
    number = (await portal.locator("dd strong").first().innerText()).trim();
    expect(number).not.toBe("");
  });

  test("A2.02 A2.13 the mail arrives at every recipient with the page attached, byte for byte", async ({
    staff,
  }) => {
    const mail = await mailTo(holderEmail);
    await mailTo(copied);
    expect(mail.text).toContain("As agreed on the phone.");
    expect(mail.subject).toContain(number);
    const attachments = await mail.attachments();
    expect(attachments).toHaveLength(1);
    const [page] = attachments;
    expect(page?.type).toBe("application/pdf");
    expect(page?.bytes.subarray(0, 4).toString("latin1")).toBe("%PDF");
    fingerprint = sha256(page?.bytes ?? Buffer.alloc(0));

    const log = data(
      await clientOf(staff).GET("/v1/insureds/{insured}/certificates", {
        params: { path: { insured } },
      }),
    );
    const row = log.data.find((each) => each.number === number);
    expect(row?.delivery?.sent_by_email).toBe(true);
  });

  test("A2.01 A2.07 A2.08 A2.09 A2.10 A2.11 A2.12 A2.13 A2.14 staff see it under Documents > Certificates Sent", async ({
    staff,
  }) => {
    const table = await openLog(staff, insured);
    const row = table.getByRole("row").filter({ hasText: holder });
    await expect(row).toHaveCount(1);
    await expect(row.getByText(masterName)).toBeVisible();
    await expect(row.getByText(/\d\d\/\d\d\/\d{4}/).first()).toBeVisible();
    await expect(row).toContainText("Accepted");
    await expect(row).toContainText(description);
    // A2.13: emailed, which the card of a phone says too.
    await expect(row.getByText("Yes", { exact: true })).toBeVisible();

    await row.getByRole("button", { name: `Actions for ${number}, ${holder}` }).click();
    await staff.getByRole("menuitem", { name: "Preview" }).click();
    const preview = staff.getByRole("dialog", { name: `Certificate ${number}` });
    await expect(preview.locator("canvas").first()).toBeVisible();
    // A2.03: the text as issued, selectable.
    await expect(preview.getByText(holder).first()).toBeAttached();
    await staff.keyboard.press("Escape");
    await expect(preview).toBeHidden();

    await row.getByRole("button", { name: `Actions for ${number}` }).click();
    const bytes = await downloaded(staff, () =>
      staff.getByRole("menuitem", { name: "Download" }).click(),
    );
    expect(sha256(bytes)).toBe(fingerprint);
  });

  test("A2.15 an exact copy carries the same bytes to the same people", async ({ staff }) => {
    const table = await openLog(staff, insured);
    const row = table.getByRole("row").filter({ hasText: holder });
    await row.getByRole("button", { name: `Actions for ${number}` }).click();
    await staff.getByRole("menuitem", { name: "Resend exact copy" }).click();
    const dialog = staff.getByRole("dialog", { name: "Resend exact copy" });
    await expect(dialog.getByText(holderEmail)).toBeVisible();
    await dialog.getByRole("button", { name: "Resend to 2 recipients" }).click();
    await expect(dialog).toBeHidden();
    const [page] = await (await mailTo(holderEmail, 2)).attachments();
    expect(sha256(page?.bytes ?? Buffer.alloc(0))).toBe(fingerprint);
    await mailTo(copied, 2);
  });

  test("A2.16 A2.17 A2.18 a resend with option to edit goes to a new address, with the same bytes", async ({
    staff,
  }) => {
    const table = await openLog(staff, insured);
    const row = table.getByRole("row").filter({ hasText: holder });
    await row.getByRole("button", { name: `Actions for ${number}` }).click();
    await staff.getByRole("menuitem", { name: "Resend with edits" }).click();
    const dialog = staff.getByRole("dialog", { name: "Resend with edits" });
    const to = dialog.getByRole("combobox", { name: "To", exact: true });
    await expect(dialog.getByText(holderEmail).first()).toBeVisible();
    // Backspace takes the wrong addresses away, one by one.
    await to.click();
    await to.press("Backspace");
    await to.press("Backspace");
    await to.fill(`${corrected},`);
    await dialog.getByLabel("Message").fill("Now to the right address.");
    await dialog.getByRole("button", { name: "Resend to 1 recipient" }).click();
    await expect(dialog).toBeHidden();
    const mail = await mailTo(corrected);
    expect(mail.text).toContain("Now to the right address.");
    const [page] = await mail.attachments();
    expect(sha256(page?.bytes ?? Buffer.alloc(0))).toBe(fingerprint);

    // The old address stays in the history of the certificate.
    await staff.goto(`${STAFF}/insureds/${insured}`);
    const rows = data(
      await clientOf(staff).GET("/v1/insureds/{insured}/certificates", {
        params: { path: { insured } },
      }),
    );
    const id = rows.data.find((each) => each.number === number)?.id ?? "";
    await staff.goto(`${STAFF}/certificates/${id}`);
    await expect(staff.getByText(corrected).first()).toBeVisible();
    await expect(staff.getByText(holderEmail).first()).toBeVisible();
  });

  test("A2.23 A2.24 the log is filtered by inclusive dates and searched by part of the holder's name", async ({
    staff,
  }) => {
    const table = await openLog(staff, insured);
    const rows = table.getByRole("row").filter({ hasText: holder });
    await staff
      .getByRole("searchbox", { name: "Search holder" })
      .fill(word.toUpperCase().slice(1, 8));
    await expect(rows).toHaveCount(1);
    await staff.getByRole("searchbox", { name: "Search holder" }).fill("nobody of this name");
    await expect(staff.getByText("No certificate matches")).toBeVisible();
    await staff.getByRole("button", { name: "Clear filters" }).first().click();
    await expect(rows).toHaveCount(1);

    await staff.getByRole("button", { name: "Issued between" }).click();
    await staff.getByRole("button", { name: "Today", exact: true }).click();
    await expect(staff).toHaveURL(/from=\d{4}-\d\d-\d\d.*to=\d{4}-\d\d-\d\d/);
    await expect(rows).toHaveCount(1);
    const today = new URL(staff.url()).searchParams.get("from") ?? "";
    const before = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
    await staff.goto(
      `${STAFF}/insureds/${insured}/documents/certificates?from=2020-01-01&to=${before}`,
    );
    await expect(staff.getByText("No certificate matches")).toBeVisible();
  });

  test("A2.20 A2.21 staff send from the profile to a holder used before", async ({ staff }) => {
    await staff.goto(`${STAFF}/insureds/${insured}`);
    await chooseAction(staff, "Send certificate");
    await expect(staff.getByRole("combobox", { name: "Master certificate" })).toHaveValue(
      masterName,
    );
    await pick(staff, "Certificate holder", new RegExp(`^${holder}`));
    const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
    await expect(send).toBeEnabled();
    await send.click();
    await expect(staff).toHaveURL(/documents\/certificates/);
    await expect(
      staff
        .getByRole("table", { name: "Certificates Sent" })
        .getByRole("row")
        .filter({ hasText: holder }),
    ).toHaveCount(2);
    await mailTo(holderEmail, 3);
  });

  test("A2.22 the Activity History names who did what, and when", async ({ staff }) => {
    await staff.goto(`${STAFF}/insureds/${insured}`);
    await openTab(staff, "Activity History");
    const history = staff.getByRole("main").getByRole("listitem");
    const portalSend = history.filter({ hasText: book.name }).filter({ hasText: number });
    await expect(portalSend.first()).toBeVisible();
    await expect(portalSend.first().getByRole("time")).toBeVisible();
    for (const act of [/resen/i, /preview|looked/i, /download/i]) {
      await expect(
        history.filter({ hasText: "Avery Collins" }).filter({ hasText: act }).first(),
      ).toBeVisible();
    }
  });

  test("A2.14 A2.19 the insured finds it again: search, page, download, send again", async ({
    portal,
  }) => {
    await signIn(portal, PORTAL, { username: book.email, password: PASSWORD });
    await goToPlace(portal, "Certificates");
    const list = portal.getByRole("list", { name: "Certificates sent" });
    await expect(list.getByRole("listitem")).toHaveCount(2);
    await portal.getByRole("searchbox", { name: "Search by company or person" }).fill("nobody");
    await expect(portal.getByText("No certificate for “nobody”")).toBeVisible();
    await portal.getByRole("button", { name: "Show all" }).click();
    await list.getByRole("listitem").filter({ hasText: number }).getByRole("link").click();
    await expect(portal.getByRole("heading", { level: 1, name: holder })).toBeVisible();

    const bytes = await downloaded(portal, () =>
      portal.getByRole("button", { name: "Download" }).click(),
    );
    expect(sha256(bytes)).toBe(fingerprint);
    await portal.getByRole("link", { name: "Look at it" }).click();
    await expect(portal.locator("canvas").first()).toBeVisible();
    await portal.getByRole("link", { name: "Back to the certificate" }).click();

    await portal.getByRole("button", { name: "Send again" }).click();
    const dialog = portal.getByRole("dialog", { name: "Send it again" });
    await expect(dialog.getByText(corrected)).toBeVisible();
    await dialog.getByRole("button", { name: "Send to 1 person" }).click();
    await expect(dialog).toBeHidden();
    const [page] = await (await mailTo(corrected, 2)).attachments();
    expect(sha256(page?.bytes ?? Buffer.alloc(0))).toBe(fingerprint);
  });
});

test(
  "A1.20 an insured who is suspended in the middle of sending sends nothing",
  AT_A_DESK,
  async ({ staff, portal }) => {
    const book = makeBook("Glazing");
    const insured = await loadBook(staff, book);
    await openInsured(staff, book.name);
    await createUserAccount(staff, ["Send Certificates"]);
    await createMaster(staff, insured, {
      name: "Liability",
      policies: { "General liability": book.policies.liability },
      portal: true,
    });
    await acceptInvitation(portal, book.email);
    await goToPlace(portal, "Send");
    await portal.getByRole("radio", { name: book.holder }).check();
    await portal.getByRole("button", { name: "See the certificate" }).click();
    await portal.getByRole("button", { name: "Looks right" }).click();
    const send = portal.getByRole("button", { name: "Send to 1 person" });
    await expect(send).toBeVisible();

    await openInsured(staff, book.name);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Suspend access" }).click();
    const ask = staff.getByRole("dialog", { name: "Suspend access?" });
    await ask.getByRole("button", { name: "Suspend access" }).click();
    await expect(ask).toBeHidden();

    await send.click();
    await expect(portal.getByRole("heading", { name: "Your access is paused" })).toBeVisible();
    const log = data(
      await clientOf(staff).GET("/v1/insureds/{insured}/certificates", {
        params: { path: { insured } },
      }),
    );
    expect(log.data).toEqual([]);
    expect(await mailsTo(book.holderEmail)).toEqual([]);
  },
);

test.describe.serial("A certificate that would say more than the policies", () => {
  const book = makeBook("Paving");
  let insured = "";

  test("A2.19 staff are stopped by the finding, which names the policy and the way out", async ({
    staff,
  }) => {
    insured = await loadBook(staff, book);
    await createMaster(staff, insured, {
      name: "Former term",
      policies: { "General liability": book.policies.former },
      portal: true,
    });
    await staff.goto(`${STAFF}/insureds/${insured}/send`);
    await pick(staff, "Master certificate", /Former term/);
    await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
    await expect(staff.getByText(book.policies.former).first()).toBeVisible();
    await expect(staff.getByText(/expired on/).first()).toBeVisible();
    const send = staff.getByRole("button", { name: /^Send certificate/ });
    await expect(send).toHaveAttribute("aria-disabled", "true");
  });

  test("A1.09 the insured is told in plain words, and whom to call", async ({ staff, portal }) => {
    await openInsured(staff, book.name);
    await createUserAccount(staff, ["Send Certificates"]);
    await acceptInvitation(portal, book.email);
    await goToPlace(portal, "Send");
    await portal.getByRole("radio", { name: book.holder }).check();
    await portal.getByRole("button", { name: "See the certificate" }).click();
    const told = portal.getByRole("alert");
    await expect(told).toContainText("This certificate cannot be sent today");
    await expect(told).toContainText("Your general liability policy has ended.");
    await expect(told.getByRole("link", { name: /^Call / })).toBeVisible();
    await expect(portal.getByRole("button", { name: "Looks right" })).toBeHidden();
    // Nor does the address of the last step lead around it.
    await portal.goto(`${PORTAL}/send?step=who`);
    await portal.getByRole("button", { name: /^Send to/ }).click();
    await expect(portal.getByRole("alert")).toContainText("cannot be sent today");
    expect(await mailsTo(book.holderEmail)).toEqual([]);
  });
});
