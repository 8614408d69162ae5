import { expect, type Page } from "@playwright/test";
import { issueOne } from "./support/certificates";
import { type Book, loadBook, makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { mailTo } from "./support/mail";
import { createMaster, openTab, pick } from "./support/staff";
import { AT_A_DESK, test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { capitalized, unique } from "./support/unique";

interface Known {
  readonly book: Book;
  readonly insured: string;
  readonly policy: string;
}

/** An insured of one's own, and the id of its liability policy. */
async function known(staff: Page, trade: string): Promise<Known> {
  const book = makeBook(trade);
  const insured = await loadBook(staff, book);
  const list = data(
    await clientOf(staff).GET("/v1/insureds/{insured}/policies", {
      params: { path: { insured } },
    }),
  );
  const policy = list.data.find((each) => each.number === book.policies.liability)?.id ?? "";
  return { book, insured, policy };
}

function money(amount: string) {
  return { amount, currency: "USD" };
}

function pageOf({ insured, policy }: Known): string {
  return `${STAFF}/insureds/${insured}/policies/${policy}`;
}

/** The agency's day: this machine may be in another one already. */
function today(): string {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date());
}

test("A policy is found in its group, changed, and tells what was changed", async ({ staff }) => {
  const own = await known(staff, "Masonry");
  await staff.goto(`${STAFF}/insureds/${own.insured}`);
  await openTab(staff, "Policies");
  const ended = staff.getByRole("table", { name: /^Terms ended in/ });
  await expect(ended.getByText(own.book.policies.former)).toBeVisible();
  const inForce = staff.getByRole("table", { name: "In force" });
  await inForce.getByRole("link", { name: "Commercial General Liability" }).click();
  await expect(
    staff.getByRole("heading", { level: 2, name: own.book.policies.liability }),
  ).toBeVisible();
  await expect(
    staff.getByRole("table", { name: "Endorsements" }).getByText("CG 20 10 04 13").first(),
  ).toBeVisible();

  // The import knew which term this one took over from, although the insurer gave it another number.
  await expect(
    staff.getByRole("link", { name: new RegExp(`^${own.book.policies.former} \\(`) }),
  ).toBeVisible();

  await staff.getByRole("link", { name: "Edit policy" }).click();
  await staff.getByLabel("Each occurrence").fill("2 million");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByText("Enter an amount in dollars such as 1,000,000.")).toBeVisible();
  await staff.getByLabel("Each occurrence").fill("99999999999999");
  await expect(staff.getByText("This amount is too large.", { exact: false })).toBeVisible();
  await staff.getByLabel("Each occurrence").fill("$2,000,000");
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff).toHaveURL(pageOf(own));
  const history = staff.getByRole("listitem").filter({ hasText: "Changed policy" });
  await expect(history).toContainText("$1,000,000");
  await expect(history).toContainText("$2,000,000");
});

test(
  "A change made from an outdated state is held against what somebody else saved",
  AT_A_DESK,
  async ({ staff }) => {
    const own = await known(staff, "Paving");
    await staff.goto(`${pageOf(own)}/edit`);
    await staff.getByLabel("General aggregate", { exact: true }).fill("4,000,000");
    const client = clientOf(staff);
    const path = { policy: own.policy };
    const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    data(
      await client.PUT("/v1/policies/{policy}", {
        params: { path, header: { "If-Match": `"${record.version}"` } },
        body: {
          ...record.terms,
          named_insured: `${own.book.name} and partners`,
          coverage: { ...record.terms.coverage, medical_expense: money("10000") },
        },
      }),
    );
    await staff.getByRole("button", { name: "Save changes" }).click();
    const conflict = staff.getByRole("alert", { name: "Somebody else saved first" });
    await expect(conflict).toContainText(`${own.book.name} and partners`);
    await expect(conflict).toContainText("$4,000,000");
    // Two limits of one cover: nobody has to give one of them up for the other.
    await expect(conflict).toContainText("$10,000");
    await conflict.getByRole("button", { name: "Go on with this" }).click();
    await expect(staff.getByLabel("Named insured")).toHaveValue(`${own.book.name} and partners`);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff).toHaveURL(pageOf(own));
    const merged = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    expect(merged.terms.named_insured).toBe(`${own.book.name} and partners`);
    expect(merged.terms.coverage).toMatchObject({
      general_aggregate: money("4000000.00"),
      medical_expense: money("10000.00"),
    });
  },
);

test(
  "An insured without policies leads to the import, and to the number that the import needs",
  AT_A_DESK,
  async ({ staff }) => {
    const insured = data(
      await clientOf(staff).POST("/v1/insureds", {
        body: {
          name: `${capitalized(unique())} Tiling LLC`,
          kind: "commercial",
          address: { line1: "1480 Kleppe Lane", city: "Reno", state: "NV", postal_code: "89512" },
        },
      }),
    );
    const policies = `${STAFF}/insureds/${insured.id}/policies`;
    await staff.goto(policies);
    await expect(staff.getByText("It finds an insured by its customer number")).toBeVisible();
    await staff.getByRole("link", { name: "Enter the customer number" }).click();
    await staff.getByRole("textbox", { name: "Customer number" }).fill(`N-${unique()}`);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff).toHaveURL(policies);
    await expect(staff.getByText("No policies yet")).toBeVisible();
    await expect(staff.getByRole("link", { name: "Enter the customer number" })).toHaveCount(0);
    await staff.getByRole("link", { name: "New import" }).click();
    await expect(staff.getByRole("heading", { level: 1, name: "Import" })).toBeVisible();
  },
);

test("An endorsement is added, and taken off in mid-term", AT_A_DESK, async ({ staff }) => {
  const own = await known(staff, "Glazing");
  await staff.goto(pageOf(own));
  await staff.getByRole("button", { name: "Add endorsement" }).click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByLabel("Form number").fill("CG2037");
  await dialog.getByLabel("Edition").fill("04 13");
  await dialog.getByLabel("Title").fill("Completed Operations");
  // A form's name alone says neither what it does nor for whom: nothing is presumed.
  await dialog.getByRole("button", { name: "Add endorsement" }).click();
  await expect(dialog.getByText("Choose what the endorsement does.")).toBeVisible();
  await expect(dialog.getByText("Choose whom the endorsement reaches.")).toBeVisible();
  await pick(staff, "Effect", "Additional insured, completed operations");
  await pick(staff, "Reaches", /^Blanket/);
  await dialog.getByRole("button", { name: "Add endorsement" }).click();
  await expect(dialog).toBeHidden();
  const row = staff
    .getByRole("table", { name: "Endorsements" })
    .getByRole("row")
    .filter({ hasText: "CG 20 37 04 13" });
  await expect(row).toContainText("Stands");
  await row.getByRole("button", { name: "Actions for CG 20 37 04 13" }).click();
  await staff.getByRole("menuitem", { name: "Edit endorsement" }).click();
  await dialog.getByLabel("Taken off on").fill(today());
  await dialog.getByLabel("Title").click();
  await dialog.getByRole("button", { name: "Save endorsement" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText(`Taken off ${today()}`);
});

test(
  "A date that does not exist stays as it was typed, and nothing is saved before it is corrected",
  AT_A_DESK,
  async ({ staff }) => {
    const own = await known(staff, "Plumbing");
    const refusal = staff.getByText("Enter a date such as 03/05/2027.");

    await staff.goto(`${pageOf(own)}/edit`);
    const expires = staff.getByRole("textbox", { name: "Expires" });
    for (const text of ["13/45/2026", "02/30/2027", "tomorrow"]) {
      await expires.fill(text);
      await staff.getByRole("button", { name: "Save changes" }).click();
      await expect(refusal).toBeVisible();
      await expect(expires).toHaveValue(text);
      await expect(staff).toHaveURL(`${pageOf(own)}/edit`);
    }
    await expires.fill("12/31/2030");
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff).toHaveURL(pageOf(own));

    await staff.getByRole("button", { name: "Cancel policy" }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByRole("button", { name: "Keep the policy" }).click();
    await expect(dialog).toBeHidden();
    await staff.getByRole("button", { name: "Cancel policy" }).click();
    await dialog.getByLabel("Reason").fill("Nonpayment of premium");
    const day = dialog.getByRole("textbox", { name: "Cancelled as of" });
    await day.fill("02/30/2027");
    await day.press("Enter");
    await expect(refusal).toBeVisible();
    await expect(day).toHaveValue("02/30/2027");
    await day.fill(today().replace(/^0/, ""));
    await dialog.getByRole("button", { name: "Cancel policy" }).click();
    await expect(dialog).toBeHidden();
    await expect(
      staff.getByText(`Cancelled as of ${today()}: Nonpayment of premium`, { exact: true }),
    ).toBeVisible();
  },
);

test("A policy is renewed into a linked term, and who relies on a cancelled one is told as a courtesy", async ({
  staff,
}) => {
  const own = await known(staff, "Framing");
  await createMaster(staff, own.insured, {
    name: "Liability",
    policies: { "General liability": own.book.policies.liability },
    portal: false,
  });
  await issueOne(staff, own.insured, own.book.holderEmail);

  await staff.goto(pageOf(own));
  await staff.getByRole("link", { name: "Renew" }).click();
  await staff.getByLabel("Policy number").fill(`${own.book.policies.liability}-NEXT`);
  await staff.getByRole("checkbox", { name: /^CG 24 04/ }).uncheck();
  await staff.getByRole("button", { name: "Renew" }).click();
  await expect(
    staff.getByRole("heading", { level: 2, name: `${own.book.policies.liability}-NEXT` }),
  ).toBeVisible();
  await expect(staff.getByText("CG 24 04 05 09")).toHaveCount(0);
  await staff
    .getByRole("link", { name: new RegExp(`^${own.book.policies.liability} \\(`) })
    .click();
  await expect(staff).toHaveURL(pageOf(own));

  await staff.getByRole("button", { name: "Cancel policy" }).click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel policy" }).click();
  await expect(dialog.getByText("Enter why the policy is cancelled.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Nonpayment of premium");
  await dialog.getByRole("button", { name: "Cancel policy" }).click();

  // Who relies on it is offered at once, with the very words of the mail.
  const notice = staff.getByRole("dialog", { name: /^Courtesy notice: policy .* is cancelled$/ });
  await expect(notice.getByRole("checkbox", { name: own.book.holder })).toBeChecked();
  const promise = "It gives you no right to notice, of this or of any other change";
  await expect(notice.getByText(promise)).toBeVisible();
  await notice.getByRole("checkbox", { name: own.book.holder }).uncheck();
  await notice.getByRole("button", { name: "Send courtesy notice" }).click();
  await expect(notice.getByText("Choose at least one holder.")).toBeVisible();
  await notice.getByRole("checkbox", { name: own.book.holder }).check();
  await notice.getByRole("button", { name: "Send to 1 holder" }).click();
  await expect(notice).toBeHidden();
  const mail = await mailTo(own.book.holderEmail, 2);
  expect(mail.subject).toContain(own.book.policies.liability);
  expect(mail.text).toContain(promise);

  await staff.reload();
  await expect(staff.getByText(/^Cancelled as of .*: Nonpayment of premium$/)).toBeVisible();
  const table = staff.getByRole("table", { name: "Holders with a live certificate" });
  await expect(table.getByText(own.book.holder)).toBeVisible();
  await expect(table.getByText(own.book.holderEmail)).toBeVisible();
  await expect(table.getByText(/^Accepted/)).toBeVisible();
  await staff.getByRole("button", { name: "Send courtesy notice" }).click();
  await expect(notice.getByRole("checkbox", { name: own.book.holder })).toBeDisabled();
  await expect(notice.getByText("1 told already", { exact: false })).toBeVisible();

  // What was sent stays as it was issued, and says that it is no longer in force, and why.
  await staff.goto(`${STAFF}/insureds/${own.insured}/documents/certificates`);
  const since = `No longer in force since ${today()}`;
  const row = staff.getByRole("row").filter({ hasText: own.book.holder });
  await expect(row).toContainText(since);
  await row.getByRole("link", { name: own.book.holder }).click();
  const ended = staff.getByRole("note").filter({ hasText: since });
  await expect(ended).toContainText(
    `General liability ${own.book.policies.liability} was cancelled as of ${today()}.`,
  );
  await staff.goto(`${STAFF}/insureds/${own.insured}/documents/certificates?state=ended`);
  await expect(row).toContainText(since);

  // Reinstated, it shows who was told of the cancellation, until a new certificate tells them otherwise.
  await staff.goto(pageOf(own));
  await staff.getByRole("link", { name: "Edit" }).click();
  await staff.getByRole("combobox", { name: "Status on the books" }).click();
  await staff.getByRole("option", { name: "Active" }).click();
  await staff.getByRole("button", { name: "Save" }).click();
  await expect(table.getByText(/^Told: cancelled as of /)).toBeVisible();
  await expect(
    staff.getByText("some holders were told that it is", { exact: false }),
  ).toBeVisible();
  await table.getByRole("link", { name: `Send certificate to ${own.book.holder}` }).click();
  await expect(staff).toHaveURL(/\/send\?holder=/);
  await issueOne(staff, own.insured, own.book.holderEmail);
  await staff.goto(pageOf(own));
  await expect(table.getByText("New certificate since")).toBeVisible();
});

test("A policy that is to be cancelled says so wherever it is shown, and a master warns of it", async ({
  staff,
}) => {
  const own = await known(staff, "Siding");
  const client = clientOf(staff);
  const path = { policy: own.policy };
  const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
  const ahead = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  data(
    await client.PUT("/v1/policies/{policy}/cancellation", {
      params: { path, header: { "If-Match": `"${record.version}"` } },
      body: { effective_on: ahead, reason: "Nonpayment of premium" },
    }),
  );
  const [year, month, day] = ahead.split("-");
  const says = `Cancels on ${month}/${day}/${year}`;

  await staff.goto(pageOf(own));
  await expect(staff.getByText(`${says}: Nonpayment of premium`)).toBeVisible();
  await expect(staff.getByText(says, { exact: true })).toBeVisible();
  await staff.goto(`${STAFF}/insureds/${own.insured}/policies`);
  await expect(
    staff.getByRole("row").filter({ hasText: own.book.policies.liability }).first(),
  ).toContainText(says);
  await staff.goto(`${STAFF}/`);
  await expect(
    staff.getByRole("listitem").filter({ hasText: own.book.name }).filter({ hasText: says }),
  ).toBeVisible();

  await staff.goto(`${STAFF}/insureds/${own.insured}/masters/new`);
  await staff.getByLabel("Name", { exact: false }).first().fill("Liability");
  await staff.getByRole("button", { name: "Create master certificate" }).click();
  await expect(staff.getByText("Choose a policy for at least one section.")).toBeVisible();
  await pick(
    staff,
    "Policy for General liability",
    new RegExp(`^${own.book.policies.liability} .*${says}`),
  );
  await expect(staff.getByText("Choose a policy for at least one section.")).toBeHidden();
  await expect(staff.getByText(`${says}: from that day on`)).toBeVisible();
  await staff.getByLabel("Description of operations, locations, vehicles").fill("x".repeat(10_001));
  await expect(staff.getByText("10,001 characters, and at most 10,000 are taken")).toBeVisible();
});
