import { expect } from "@playwright/test";
import { makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { mailTo } from "./support/mail";
import { goTo, loadBookWithMaster, pick } from "./support/staff";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { people, STAFF } from "./support/surroundings";

test("A description that promises is marked and mended, and a form brings its own words", async ({
  staff,
}) => {
  const book = makeBook("Roofing");
  const insured = await loadBookWithMaster(staff, book, "Job 4471, roof.");
  await staff.goto(`${STAFF}/insureds/${insured}/send`);
  await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
  const words = staff.getByRole("textbox", { name: "Description of operations" });
  await words.fill("Job 4471, roof.\n30 days notice will be given.");
  const finding = staff.getByRole("listitem").filter({ hasText: "promises a notice" });
  await expect(finding.locator("mark")).toHaveText("30 days notice");
  await expect(finding).toContainText("Blocks sending");
  const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await expect(staff.getByText("Resolve 1 finding first.")).toBeVisible();
  await finding.getByRole("button", { name: "Take the words out" }).click();
  await expect(words).toHaveValue("Job 4471, roof.");
  await expect(finding).toHaveCount(0);

  await staff.getByRole("button", { name: "Insert wording from a form" }).click();
  await staff.getByRole("menuitem", { name: /^CG 24 04 05 09/ }).click();
  await expect(words).toHaveValue(
    `Job 4471, roof.\nWaiver of subrogation (general liability): CG 24 04 05 09, Waiver of Transfer of Rights of Recovery, applies to ${book.holder}`,
  );
  await expect(send).toBeEnabled();
  await send.click();
  await expect(staff).toHaveURL(/documents\/certificates/);
  await mailTo(book.holderEmail);
});

test.describe.serial("A certificate that is blocked", () => {
  const book = makeBook("Paving");
  let insured = "";

  test("its sender asks a second person, and sees that it waits", async ({ staff, another }) => {
    insured = await loadBookWithMaster(staff, book);
    const sender = await another();
    await signIn(sender, STAFF, people.service());
    await sender.goto(`${STAFF}/insureds/${insured}/send`);
    await pick(sender, "Certificate holder", new RegExp(`^${book.holder}`));
    await sender
      .getByRole("textbox", { name: "Description of operations" })
      .fill("30 days notice will be given.");
    await sender.getByRole("button", { name: "Ask for approval" }).click();
    const dialog = sender.getByRole("dialog", { name: "Ask for approval" });
    await expect(dialog).toContainText("promises a notice");
    await dialog.getByRole("button", { name: "Ask for approval" }).click();
    await expect(dialog.getByText("Write why it should be sent.")).toBeVisible();
    await dialog.getByLabel("Note").fill("The carrier has confirmed it by mail.");
    await dialog.getByRole("button", { name: "Ask for approval" }).click();
    await expect(sender).toHaveURL(/certificates\/approvals\?view=own/);
    const row = sender.getByRole("row").filter({ hasText: book.holder });
    await expect(row).toContainText("Waiting");
    // Nobody decides what they asked for.
    await row.getByRole("link", { name: book.holder }).click();
    await expect(sender.getByRole("button", { name: "Approve and send" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  });

  test("a second person looks at it and approves, and both names stand with it", async ({
    staff,
  }) => {
    await staff.getByRole("link", { name: /waiting for your approval/ }).click();
    await expect(
      staff.getByRole("heading", { level: 1, name: "Waiting for approval" }),
    ).toBeVisible();
    await staff
      .getByRole("row")
      .filter({ hasText: book.holder })
      .getByRole("link", { name: book.holder })
      .click();
    await expect(staff.locator("canvas").first()).toBeAttached();
    await expect(staff.getByText("The carrier has confirmed it by mail.")).toBeVisible();
    await expect(staff.getByRole("definition").filter({ hasText: "PDF attached" })).toBeVisible();
    await staff.getByRole("button", { name: "Approve and send" }).click();
    const dialog = staff.getByRole("dialog", { name: "Approve and send" });
    await dialog.getByLabel("Reason").fill("Confirmed with the carrier.");
    await dialog.getByRole("button", { name: "Approve and send" }).click();
    await expect(dialog).toBeHidden();
    await mailTo(book.holderEmail);
    await staff.getByRole("link", { name: "To the certificate" }).click();
    await expect(staff.getByText(/^Blocked sending, lifted by /).first()).toBeVisible();
    await expect(staff.getByRole("heading", { name: "Approved by a second person" })).toBeVisible();
    await expect(staff.getByText("Confirmed with the carrier.").first()).toBeVisible();
  });

  test("another one is declined with a reason that its sender reads", async ({
    staff,
    another,
  }) => {
    const sender = await another();
    await signIn(sender, STAFF, people.service());
    const client = clientOf(sender);
    const params = { params: { path: { insured } } };
    const masters = data(await client.GET("/v1/insureds/{insured}/masters", params));
    const holders = data(await client.GET("/v1/insureds/{insured}/holders", params));
    const asked = data(
      await client.POST("/v1/insureds/{insured}/approvals", {
        ...params,
        body: {
          draft: {
            master_id: masters.data[0]?.id ?? "",
            holder: { id: holders.data[0]?.id ?? "" },
            description: "Full coverage. 30 days notice will be given.",
            recipients: { to: [book.holderEmail] },
          },
          note: "They want it so.",
        },
      }),
    );
    await staff.goto(`${STAFF}/certificates/approvals/${asked.id}`);
    await staff.getByRole("button", { name: "Decline" }).click();
    const dialog = staff.getByRole("dialog", { name: "Decline" });
    await dialog.getByLabel("Reason").fill("Take both sentences out.");
    await dialog.getByRole("button", { name: "Decline" }).click();
    await expect(dialog).toBeHidden();
    await sender.goto(STAFF);
    const told = sender.getByRole("row").filter({ hasText: "Take both sentences out." });
    await expect(told).toContainText("Declined by");
    await told.getByRole("button", { name: /^Mark as seen/ }).click();
    await expect(told).toBeHidden();
    await sender.goto(`${STAFF}/certificates/approvals?view=own`);
    const row = sender.getByRole("row").filter({ hasText: "Declined" }).first();
    await row.getByRole("link", { name: book.holder }).click();
    await expect(sender.getByRole("note")).toContainText("Take both sentences out.");
  });
});

test(
  "That a policy is to be cancelled is seen at the master, and said in the description at a press",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Roofing");
    const insured = await loadBookWithMaster(staff, book, "Job 4471, roof.");
    const client = clientOf(staff);
    const path = { insured };
    const list = data(await client.GET("/v1/insureds/{insured}/policies", { params: { path } }));
    const policy = list.data.find((each) => each.number === book.policies.liability);
    if (policy === undefined) throw new Error("there is no policy");
    const record = data(
      await client.GET("/v1/policies/{policy}", { params: { path: { policy: policy.id } } }),
    );
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    data(
      await client.PUT("/v1/policies/{policy}/cancellation", {
        params: { path: { policy: policy.id }, header: { "If-Match": `"${record.version}"` } },
        body: { effective_on: tomorrow, reason: "Nonpayment of premium" },
      }),
    );
    const [year, month, day] = tomorrow.split("-");
    const on = `${month}/${day}/${year}`;

    await staff.goto(`${STAFF}/insureds/${insured}/send`);
    await expect(staff.getByText(`until ${on}, cancelled`)).toBeVisible();
    await pick(staff, "Certificate holder", new RegExp(`^${book.holder}`));
    const finding = staff
      .getByRole("listitem")
      .filter({ hasText: `${book.policies.liability} is to be cancelled` });
    const words = staff.getByRole("textbox", { name: "Description of operations" });
    const said = `Job 4471, roof.\nPolicy ${book.policies.liability} is to be cancelled on ${on}.`;
    const say = finding.getByRole("button", { name: "Say it in the description" });
    await say.click();
    await expect(words).toBeFocused();
    await expect(words).toHaveValue(said);
    await say.click();
    await expect(words).toHaveValue(said);
    // The gate takes the sentence for what it is: no promise of a notice.
    const send = staff.getByRole("button", { name: "Send certificate to 1 recipient" });
    await expect(send).toBeEnabled();

    // The rule of a state is stated elsewhere, and what was decided here waits.
    await staff.getByRole("button", { name: "Open the state rules" }).click();
    await expect(staff.getByRole("heading", { level: 1, name: "State rules" })).toBeVisible();
    await staff.goBack();
    await expect(words).toHaveValue(said);
  },
);

test("Two people who change one master see what the other did", AT_A_DESK, async ({ staff }) => {
  const book = makeBook("Masonry");
  const insured = await loadBookWithMaster(staff, book, "Masonry.");
  const client = clientOf(staff);
  const masters = data(
    await client.GET("/v1/insureds/{insured}/masters", { params: { path: { insured } } }),
  );
  const master = masters.data[0];
  if (master === undefined) throw new Error("there is no master");
  const page = `${STAFF}/insureds/${insured}/masters/${master.id}`;
  await staff.goto(page);
  await staff.getByLabel("Authorized representative").fill("Robin Hale");
  data(
    await client.PUT("/v1/masters/{master}", {
      params: { path: { master: master.id }, header: { "If-Match": `"${master.version}"` } },
      body: {
        name: "Liability of the year",
        sections: master.sections,
        description: "Masonry and stone.",
        authorized_representative: master.authorized_representative,
        portal_usable: true,
        include_in_renewals: master.include_in_renewals,
      },
    }),
  );
  await staff.getByRole("button", { name: "Save changes" }).click();
  const conflict = staff.getByRole("alert", { name: "Somebody else saved first" });
  await expect(conflict).toContainText("Masonry and stone.");
  await expect(conflict).toContainText("Robin Hale");
  await conflict.getByRole("button", { name: "Go on with this" }).click();
  await expect(staff.getByLabel("Description of operations, locations, vehicles")).toHaveValue(
    "Masonry and stone.",
  );
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff).toHaveURL(/\/masters$/);
  const merged = data(
    await client.GET("/v1/masters/{master}", { params: { path: { master: master.id } } }),
  );
  expect(merged).toMatchObject({
    name: "Liability of the year",
    description: "Masonry and stone.",
    authorized_representative: "Robin Hale",
    portal_usable: true,
  });
});

test("A master follows a renewal after a look at what differs", AT_A_DESK, async ({ staff }) => {
  const book = makeBook("Framing");
  const insured = await loadBookWithMaster(staff, book);
  const client = clientOf(staff);
  const policies = data(
    await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
  );
  const policy = policies.data.find((each) => each.number === book.policies.liability);
  const record = data(
    await client.GET("/v1/policies/{policy}", { params: { path: { policy: policy?.id ?? "" } } }),
  );
  const { coverage } = record.terms;
  if (coverage.line !== "general_liability") throw new Error("it is another line");
  const later = new Date(`${record.terms.expires_on}T00:00:00Z`);
  later.setUTCFullYear(later.getUTCFullYear() + 1);
  data(
    await client.POST("/v1/policies/{policy}/renewal", {
      params: { path: { policy: record.id } },
      body: {
        terms: {
          ...record.terms,
          number: `${book.policies.liability}-27`,
          effective_on: record.terms.expires_on,
          expires_on: later.toISOString().slice(0, 10),
          coverage: {
            ...coverage,
            each_occurrence: { amount: "2000000.00", currency: "USD" },
          },
        },
        endorsements: [],
        vehicles: false,
      },
    }),
  );
  await staff.goto(`${STAFF}/insureds/${insured}/masters`);
  await expect(staff.getByText("New term available")).toBeVisible();
  await staff.getByRole("link", { name: "Liability" }).first().click();
  await staff.getByRole("button", { name: "Follow to the new term" }).click();
  const dialog = staff.getByRole("dialog", { name: "Follow to the new term" });
  const row = dialog.getByRole("row").filter({ hasText: "Each occurrence" });
  await expect(row).toContainText("$1,000,000");
  await expect(row).toContainText("$2,000,000");
  await expect(row).toContainText("Higher");
  await expect(dialog).toContainText("It begins only on");
  // A row of dates has one line: no column is so narrow that a date breaks.
  const dates = dialog.getByRole("row").filter({ hasText: "Effective" });
  expect((await dates.boundingBox())?.height).toBeLessThan(40);
  await dialog.getByRole("button", { name: "Move 1 section" }).click();
  await expect(dialog).toBeHidden();
  await expect(staff.getByRole("combobox", { name: "Policy for General liability" })).toHaveValue(
    new RegExp(`^${book.policies.liability}-27`),
  );
  await goTo(staff, "Home");
});

test("What the states ask of a form stands in the settings with its source", async ({ staff }) => {
  await staff.goto(`${STAFF}/settings/state-rules`);
  const row = staff
    .getByRole("table", { name: "State rules" })
    .getByRole("row", { name: /^Texas/ });
  await expect(row).toContainText("Blocks");
  await expect(row).toContainText("1811.052");

  // The agency answers for what it has found out itself, with its name and a reference.
  await staff.getByRole("button", { name: "State what holds in another state" }).click();
  const dialog = staff.getByRole("dialog", { name: "State what holds in another state" });
  await dialog.getByRole("button", { name: "Save statement" }).click();
  await expect(dialog.getByText("Choose the state.")).toBeVisible();
  await dialog.getByRole("combobox", { name: "State" }).click();
  await staff.getByRole("option", { name: "Vermont" }).click();
  await dialog.getByRole("radio", { name: "No filing is asked for" }).check();
  await dialog.getByRole("textbox", { name: "Reference" }).fill("Title 8, looked up");
  await dialog.getByRole("button", { name: "Save statement" }).click();
  await expect(dialog).toBeHidden();
  const vermont = staff
    .getByRole("table", { name: "State rules" })
    .getByRole("row", { name: /^Vermont/ });
  await expect(vermont).toContainText("Title 8, looked up");
  await expect(vermont).toContainText("Lets pass");

  await vermont.getByRole("button", { name: "State what holds in Vermont" }).click();
  await staff.getByRole("button", { name: "Take this statement back" }).click();
  await expect(vermont).toBeHidden();
});
