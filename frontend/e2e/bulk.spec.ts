import { expect, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { mailsTo, mailTo } from "./support/mail";
import { chooseAction, goTo, loadBookWithMaster, openTab, pick } from "./support/staff";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

/** One master to many holders: chosen, checked, sent, followed, taken out; and the new term afterwards. */
test.describe.serial("Sending to many holders", () => {
  const book = makeBook("Drywall");
  const word = unique();
  const library = `Bulk ${word} School District`;
  const listed = `Bulk ${word} Water Authority`;
  const blocked = `Bulk ${word} ✓ Builders`;
  const archived = `Bulk ${word} Old District`;
  const address = (name: string) => `${name}-${word}@example.com`;
  let insured = "";
  let batch = "";

  async function addHolder(page: Page, name: string, email: string, channel: "link" | null = null) {
    return data(
      await clientOf(page).POST("/v1/holders", {
        body: {
          name,
          emails: [email],
          channel,
          address: { line1: "1 Test Way", city: "Reno", state: "NV", postal_code: "89501" },
        },
      }),
    );
  }

  test("A2.28 holders of three sources are checked, sent to by one action, and followed", async ({
    staff,
  }) => {
    insured = await loadBookWithMaster(staff, book, "All work of the named insured.");
    await addHolder(staff, library, address("library"), "link");
    await addHolder(staff, listed, address("old"));
    await addHolder(staff, blocked, address("blocked"));
    const gone = await addHolder(staff, archived, address("archived"));
    await clientOf(staff).POST("/v1/holders/{holder}/archive", {
      params: { path: { holder: gone.id }, header: { "If-Match": `"${gone.version}"` } },
    });

    await staff.goto(`${STAFF}/insureds/${insured}`);
    await chooseAction(staff, "Send to many holders");
    await expect(
      staff.getByRole("heading", { level: 1, name: "Send to many holders" }),
    ).toBeVisible();
    await staff.getByRole("button", { name: "Choose all 1", exact: true }).click();

    // From the library, found by a part of the name.
    await staff.getByText("Library", { exact: true }).click();
    await staff.getByRole("searchbox", { name: "Search the library" }).fill(word.charAt(0));
    await expect(staff.getByText("Type at least two letters.")).toBeVisible();
    await staff.getByRole("searchbox", { name: "Search the library" }).fill(`${word} school`);
    await staff.getByRole("checkbox", { name: new RegExp(library) }).check();

    // From a file: one that is known, with another address; one that the page cannot print; one that nobody
    // knows; one that was archived.
    await staff.getByText("From a file", { exact: true }).click();
    await staff.locator('input[type="file"]').setInputFiles({
      name: "holders.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(
        `name,emails\n${listed},${address("new")}\n${blocked},\nNobody ${word},\n${archived},\n`,
      ),
    });
    await expect(staff.getByText("2 holders found and chosen.")).toBeVisible();
    await expect(staff.getByText(`Row 4: Nobody ${word}`)).toBeVisible();
    await expect(staff.getByText("Bring them back first", { exact: false })).toBeVisible();
    await expect(staff.getByRole("link", { name: archived })).toBeVisible();

    const rows = staff.getByRole("list", { name: "Check and choose" });
    await expect(rows.getByText("Set aside")).toBeVisible();
    await expect(rows.getByText(address("new"))).toBeVisible();
    await expect(rows.getByText(address("library"))).toBeVisible();
    await expect(staff.getByText("3 certificates to send · 1 set aside")).toBeVisible();
    await expect(staff.getByRole("radio", { name: "As each holder prefers" })).toBeChecked();
    const linked = rows.getByRole("listitem").filter({ hasText: library });
    await expect(linked.getByText("Secure link")).toBeVisible();
    await expect(rows.getByText("PDF attached")).toHaveCount(3);
    await staff.getByRole("textbox", { name: "Message" }).fill("With our compliments.");
    await staff.getByRole("button", { name: "Send 3 certificates" }).click();
    const dialog = staff.getByRole("dialog");
    await expect(dialog.getByText("1 holder set aside", { exact: false })).toBeVisible();
    await dialog.getByRole("button", { name: "Send 3 certificates" }).click();

    await expect(
      staff.getByRole("heading", { level: 1, name: "Bulk sending of Liability" }),
    ).toBeVisible();
    batch = staff.url().split("/").at(-1) ?? "";
    // The page follows by itself: the server tells it.
    await expect(staff.getByText("4 of 4")).toBeVisible({ timeout: 30_000 });
    const table = staff.getByRole("table", { name: "Holders" });
    await expect(table.getByText("Issued", { exact: true })).toHaveCount(3);
    await expect(table.getByText("cannot print", { exact: false })).toBeVisible();
    await expect(staff.getByText("Mailed as each holder prefers")).toBeVisible();
    await expect(table.getByText("Secure link")).toHaveCount(1);
    await expect(table.getByText("PDF attached")).toHaveCount(3);
    for (const [to, attached] of [
      [book.holderEmail, 1],
      [address("library"), 0],
      [address("new"), 1],
    ] as const) {
      const mail = await mailTo(to);
      expect(mail.text).toContain("With our compliments.");
      expect(await mail.attachments()).toHaveLength(attached);
    }
    expect(await mailsTo(address("blocked"))).toHaveLength(0);
    await expect(table.getByText("Accepted", { exact: false })).toHaveCount(3, {
      timeout: 30_000,
    });
  });

  test("its certificates are taken out as one file and stand in the one log", async ({ staff }) => {
    await staff.goto(`${STAFF}/certificates/batches/${batch}`);
    for (const [button, head] of [
      ["Download as ZIP", "PK"],
      ["Download as one PDF", "%PDF"],
    ] as const) {
      const download = staff.waitForEvent("download");
      await staff.getByRole("button", { name: button }).click();
      const saved = await download;
      expect(saved.suggestedFilename()).toMatch(/^Certificates-.+-\d{4}-\d\d-\d\d\.(zip|pdf)$/);
      const file = await readFile(await saved.path(), "latin1");
      expect(file.startsWith(head)).toBe(true);
    }
    await staff.getByRole("link", { name: "Show in Certificates Sent" }).click();
    await expect(staff).toHaveURL(new RegExp(`batch=${batch}`));
    const log = staff.getByRole("table", { name: "Certificates Sent" });
    await expect(log.getByRole("row")).toHaveCount(4);
    await staff.getByRole("button", { name: "One bulk sending", exact: false }).click();
    await expect(staff).not.toHaveURL(/batch=/);

    await staff.goto(`${STAFF}/insureds/${insured}`);
    await openTab(staff, "Documents");
    await staff.getByRole("link", { name: "Bulk sendings" }).click();
    const list = staff.getByRole("table", { name: "Bulk sendings" });
    await expect(list.getByText("3 of 4 issued")).toBeVisible();
    await list.getByRole("link", { name: "Liability" }).click();
    await expect(staff.getByText("Finished", { exact: false }).first()).toBeVisible();
  });

  test("one that ended before it could be paused is told as ended, not as a failure", async ({
    staff,
  }) => {
    // The page as it was while rows waited, and nothing comes that tells it more.
    const path = { batch };
    const ended = data(await clientOf(staff).GET("/v1/batches/{batch}", { params: { path } }));
    const json = { ...ended, state: "running", may: ["pause", "cancel"] };
    const asked = `**/v1/batches/${batch}`;
    await staff.route(asked, (route) => route.fulfill({ json }));
    await staff.route(`${asked}/events`, () => undefined);
    await staff.goto(`${STAFF}/certificates/batches/${batch}`);
    const pause = staff.getByRole("button", { name: "Pause" });
    await expect(pause).toBeVisible();
    await staff.unroute(asked);
    const answer = staff.waitForResponse(`**/v1/batches/${batch}/pause`);
    await pause.click();
    expect((await answer).status()).toBe(409);
    await expect(staff.getByRole("button", { name: "Download as ZIP" })).toBeVisible();
    await expect(pause).toHaveCount(0);
    await expect(staff.getByRole("alert")).toHaveCount(0);
  });

  test("a holder without an address is set aside and does not keep the others", async ({
    staff,
  }) => {
    const nobody = `Bulk ${word} Nameless Works`;
    data(
      await clientOf(staff).POST("/v1/holders", {
        body: {
          name: nobody,
          emails: [],
          address: { line1: "1 Test Way", city: "Reno", state: "NV", postal_code: "89501" },
        },
      }),
    );
    await staff.goto(`${STAFF}/insureds/${insured}/bulk?find=${word}%20nameless`);
    await staff.getByRole("checkbox", { name: new RegExp(nobody) }).check();
    await staff.getByText("Used before", { exact: true }).click();
    await staff.getByRole("checkbox", { name: new RegExp(`^${book.holder}`) }).check();
    await expect(staff.getByText("1 certificate to send · 1 set aside: no address")).toBeVisible();
    // What the gate finds about every row is said once.
    const shared = staff.getByRole("region", { name: "Found for every row" });
    await expect(shared.getByText("Nobody has looked up", { exact: false })).toHaveCount(1);
    await expect(staff.getByText("Nobody has looked up", { exact: false })).toHaveCount(1);
    await staff.getByRole("button", { name: "Send 1 certificate" }).click();
    const dialog = staff.getByRole("dialog");
    await expect(
      dialog.getByText("1 holder without an address will not be sent to."),
    ).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    // An address that is entered takes the row along.
    await staff.getByRole("button", { name: `Change the recipients for ${nobody}` }).click();
    const to = staff.getByRole("combobox", { name: "To", exact: true });
    await to.fill(address("nameless"));
    await to.press("Enter");
    await expect(staff.getByText("2 certificates to send", { exact: true })).toBeVisible();
  });

  test("a sending begins in the library, and a page that hears nothing asks by itself", async ({
    staff,
  }) => {
    await goTo(staff, "Holders");
    await staff.getByRole("searchbox", { name: "Search holders" }).fill(`${word} school`);
    await expect(staff.getByRole("table").getByRole("link", { name: library })).toBeVisible();
    await staff.getByRole("button", { name: "Send to many holders" }).click();
    const whose = staff.getByRole("dialog");
    await whose.getByRole("combobox", { name: "Insured" }).fill(book.name);
    await staff.getByRole("option", { name: book.name }).click();
    await whose.getByRole("button", { name: "Continue" }).click();
    // What was searched for in the library is searched for here too.
    await expect(staff.getByRole("searchbox", { name: "Search the library" })).toHaveValue(
      `${word} school`,
    );
    await staff.getByRole("checkbox", { name: new RegExp(library) }).check();
    await expect(staff.getByText("1 certificate to send")).toBeVisible();

    // A page that hears nothing from the server asks by itself.
    await staff.route("**/v1/batches/*/events", (route) => route.abort());
    await staff.getByRole("button", { name: "Send 1 certificate" }).click();
    await staff.getByRole("dialog").getByRole("button", { name: "Send 1 certificate" }).click();
    await expect(staff.getByText("1 of 1")).toBeVisible({ timeout: 30_000 });
    await expect(staff.getByRole("button", { name: "Download as ZIP" })).toBeVisible();
    await mailTo(address("library"), 2);
  });

  test("the renewal run shows each holder what changes, and sends anew to those ticked", async ({
    staff,
  }) => {
    await staff.goto(`${STAFF}/insureds/${insured}`);
    await chooseAction(staff, "Renewal run");
    await staff.getByRole("button", { name: "Choose a master certificate first" }).click();
    await expect(staff.getByRole("combobox", { name: "Master certificate" })).toBeFocused();
    await pick(staff, "Master certificate", /^Liability/);
    const rows = staff.getByRole("list", { name: "Check and choose" });
    await expect(rows.getByText("Holds what would be printed now")).toHaveCount(3);
    await expect(staff.getByText("0 certificates to send", { exact: false })).toBeVisible();

    const client = clientOf(staff);
    const policies = data(
      await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
    );
    const policy = policies.data.find((each) => each.number === book.policies.liability);
    const params = { params: { path: { policy: policy?.id ?? "" } } };
    const current = data(await client.GET("/v1/policies/{policy}", params));
    await staff.goto(`${STAFF}/insureds/${insured}/policies/${current.id}/edit`);
    const limit = staff.getByRole("textbox", { name: "Each occurrence" });
    await limit.fill("2,000,000");
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff.getByRole("heading", { level: 1 })).toBeVisible();

    await staff.goto(`${STAFF}/insureds/${insured}`);
    await chooseAction(staff, "Renewal run");
    await pick(staff, "Master certificate", /^Liability/);
    const changes = rows.getByRole("list", { name: `Changes for ${library}` });
    await expect(changes.getByText("Each occurrence", { exact: false })).toBeVisible();
    await rows.getByRole("checkbox", { name: `Send to ${listed}` }).uncheck();
    await rows.getByRole("checkbox", { name: `Send to ${book.holder}` }).uncheck();
    await staff.getByRole("button", { name: "Send 1 certificate" }).click();
    await staff.getByRole("dialog").getByRole("button", { name: "Send 1 certificate" }).click();
    await expect(
      staff.getByRole("heading", { level: 1, name: "Renewal run of Liability" }),
    ).toBeVisible();
    await expect(staff.getByText("1 of 1")).toBeVisible({ timeout: 30_000 });
    await mailTo(address("library"), 3);
  });
});
