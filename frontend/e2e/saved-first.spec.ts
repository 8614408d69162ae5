import { expect, type Locator, type Page } from "@playwright/test";
import { loadBook, makeBook } from "./support/book";
import { clientOf, data } from "./support/client";
import { chooseAction, pick } from "./support/staff";
import { AT_A_DESK, test } from "./support/stories";
import { STAFF } from "./support/surroundings";
import { capitalized, unique } from "./support/unique";

/*
 * While somebody types, another person saves the same record. What each of them changed is kept, and
 * where both changed one thing, the one who came second decides. Masters and policies have their
 * stories beside the rest of what is told of them.
 */

const ADDRESS = { line1: "900 Harbor Way", city: "Reno", state: "NV", postal_code: "89501" };

function conflictOf(form: Page | Locator): Locator {
  return form.getByRole("alert", { name: "Somebody else saved first" });
}

/** Saves, and finds that somebody else was first. */
async function saveSecond(form: Page | Locator, button = "Save changes"): Promise<Locator> {
  const submit = form.getByRole("button", { name: button, exact: true });
  await submit.click();
  const conflict = conflictOf(form);
  // However long it is, it is read from its beginning.
  await expect(conflict.getByRole("heading")).toBeInViewport();
  await expect(submit).toBeDisabled();
  return conflict;
}

async function goOn(page: Page): Promise<void> {
  await conflictOf(page).getByRole("button", { name: "Go on with this" }).click();
  await expect(conflictOf(page)).toHaveCount(0);
}

function from(version: number): { readonly "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

async function newHolder(page: Page) {
  const body = {
    name: `${capitalized(unique())} Lumber, Inc.`,
    address: ADDRESS,
    phone: "(775) 555-0100",
  };
  return data(await clientOf(page).POST("/v1/holders", { body }));
}

async function newInsured(page: Page) {
  const word = unique();
  const body = {
    name: `${capitalized(word)} Paving LLC`,
    kind: "commercial",
    email: `office@${word}.example.com`,
    address: ADDRESS,
  } as const;
  return data(await clientOf(page).POST("/v1/insureds", { body }));
}

test("A holder that somebody else saved first keeps what both changed, and asks where both changed one thing", async ({
  staff,
}) => {
  const holder = await newHolder(staff);
  const path = { holder: holder.id };
  await staff.goto(`${STAFF}/holders/${holder.id}/edit`);
  await staff.getByLabel("Attention or care of").fill("Attn: Risk Management");
  await staff.getByRole("textbox", { name: "Phone" }).fill("(775) 555-0177");
  await staff.getByRole("textbox", { name: "Suite, unit" }).fill("Suite 9");
  const client = clientOf(staff);
  const theirs = {
    name: holder.name,
    address: ADDRESS,
    phone: "(775) 555-0199",
    emails: ["certs@lumber.example.com"],
  };
  data(
    await client.PUT("/v1/holders/{holder}", {
      params: { path, header: from(holder.version) },
      body: theirs,
    }),
  );
  const conflict = await saveSecond(staff);
  await expect(conflict).toContainText("certs@lumber.example.com");
  await expect(conflict).toContainText("Attn: Risk Management");
  await expect(conflict).toContainText("900 Harbor Way, Suite 9, Reno, NV 89501");
  const phone = conflict.getByRole("radiogroup", { name: "What to keep of Phone" });
  // Nobody is led into writing over the other one: nothing is chosen, and going on waits for it.
  await expect(phone.getByRole("radio", { checked: true })).toHaveCount(0);
  const settle = conflict.getByRole("button", { name: "Go on with this" });
  await expect(settle).toBeDisabled();
  await expect(settle).toHaveAccessibleDescription(/Choose what to keep of: Phone\.$/);
  // Pressed nevertheless, it leads to what is to be chosen, and the keyboard chooses.
  await settle.focus();
  await staff.keyboard.press("Enter");
  await expect(phone.getByRole("radio").first()).toBeFocused();
  await staff.keyboard.press("Space");
  await expect(phone.getByRole("radio", { name: "Keep what is on file" })).toBeChecked();
  await expect(settle).toBeEnabled();
  await goOn(staff);
  // Looked at before it is saved: nothing was written by the decision alone.
  await expect(staff.getByRole("textbox", { name: "Phone" })).toHaveValue("(775) 555-0199");
  await expect(staff.getByLabel("Attention or care of")).toHaveValue("Attn: Risk Management");

  // And once more, while the second one looks at it: the comparison begins from what is on file now.
  const between = data(await client.GET("/v1/holders/{holder}", { params: { path } }));
  expect(between.care_of ?? null).toBeNull();
  data(
    await client.PUT("/v1/holders/{holder}", {
      params: { path, header: from(between.version) },
      body: { ...theirs, channel: "link" },
    }),
  );
  const again = await saveSecond(staff);
  await expect(again).toContainText("Secure link");
  await expect(again).not.toContainText("(775) 555-0100");
  await goOn(staff);
  await staff.getByRole("button", { name: "Save changes" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: holder.name })).toBeVisible();
  const merged = data(await client.GET("/v1/holders/{holder}", { params: { path } }));
  expect(merged).toMatchObject({
    care_of: "Attn: Risk Management",
    phone: "(775) 555-0199",
    emails: ["certs@lumber.example.com"],
    channel: "link",
    address: { line1: "900 Harbor Way", line2: "Suite 9" },
  });
});

test(
  "An insured that somebody else saved first keeps what was typed",
  AT_A_DESK,
  async ({ staff }) => {
    const insured = await newInsured(staff);
    const path = { insured: insured.id };
    await staff.goto(`${STAFF}/insureds/${insured.id}/edit`);
    await staff.getByLabel("Doing business as").fill("Harbor Paving");
    const client = clientOf(staff);
    data(
      await client.PUT("/v1/insureds/{insured}", {
        params: { path, header: from(insured.version) },
        body: {
          name: insured.name,
          kind: insured.kind,
          address: ADDRESS,
          email: insured.email ?? null,
          trade: "Asphalt paving",
        },
      }),
    );
    const conflict = await saveSecond(staff);
    await expect(conflict).toContainText("Asphalt paving");
    await expect(conflict).toContainText("Harbor Paving");
    await expect(conflict).not.toContainText("Mailing address");
    await goOn(staff);
    await expect(staff.getByLabel("Trade")).toHaveValue("Asphalt paving");
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff.getByRole("heading", { level: 1, name: insured.name })).toBeVisible();
    const merged = data(await client.GET("/v1/insureds/{insured}", { params: { path } }));
    expect(merged).toMatchObject({ dba: "Harbor Paving", trade: "Asphalt paving" });
  },
);

test(
  "An interest that somebody else saved first keeps what was typed",
  AT_A_DESK,
  async ({ staff }) => {
    const insured = await newInsured(staff);
    const client = clientOf(staff);
    const before = {
      name: `${capitalized(unique())} Leasing, Inc.`,
      address: ADDRESS,
      nature: "LP",
      item: { kind: "location", text: "Yard at 12 Mill Street" },
      reference: "88-104",
      from_on: "2026-01-01",
    } as const;
    const interest = data(
      await client.POST("/v1/insureds/{insured}/interests", {
        params: { path: { insured: insured.id } },
        body: before,
      }),
    );
    const path = { insured: insured.id, interest: interest.id };
    await staff.goto(`${STAFF}/insureds/${insured.id}/interests/${interest.id}`);
    await pick(staff, "What it is about", "A project or contract");
    await staff.getByRole("textbox", { name: "Project or contract" }).fill("Lease 88-104");
    data(
      await client.PUT("/v1/insureds/{insured}/interests/{interest}", {
        params: { path, header: from(interest.version) },
        body: { ...before, reference: "88-105", until_on: "2027-01-01" },
      }),
    );
    const conflict = await saveSecond(staff);
    await expect(conflict).toContainText("Yard at 12 Mill Street");
    await expect(conflict).toContainText("Lease 88-104");
    await expect(conflict).toContainText("01/01/2027");
    await goOn(staff);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff.getByRole("table", { name: "Current" })).toContainText("88-105");
    const merged = data(
      await client.GET("/v1/insureds/{insured}/interests/{interest}", { params: { path } }),
    );
    expect(merged).toMatchObject({
      reference: "88-105",
      until_on: "2027-01-01",
      item: { kind: "contract", text: "Lease 88-104" },
    });
  },
);

test(
  "What a holder asks for, saved first by somebody else, keeps what was typed",
  AT_A_DESK,
  async ({ staff }) => {
    const insured = await newInsured(staff);
    const holder = await newHolder(staff);
    const client = clientOf(staff);
    const path = { insured: insured.id, holder: holder.id };
    const money = (amount: string) => ({ amount, currency: "USD" as const });
    await staff.goto(`${STAFF}/holders/${holder.id}/insureds/${insured.id}/edit`);
    const liability = staff.getByRole("group", { name: "General liability", exact: true });
    await liability.getByRole("textbox", { name: "Each occurrence" }).fill("2,000,000");
    await staff.getByRole("checkbox", { name: "For completed operations" }).check();
    data(
      await client.PUT("/v1/insureds/{insured}/holders/{holder}", {
        params: { path, header: from(0) },
        body: {
          contract_reference: "Subcontract 4471",
          receives_renewals: true,
          requirements: {
            limits: [
              { limit: "gl_each_occurrence", minimum: money("1000000") },
              { limit: "umb_aggregate", minimum: money("5000000") },
            ],
          },
        },
      }),
    );
    const conflict = await saveSecond(staff);
    await expect(conflict).toContainText("Subcontract 4471");
    await expect(conflict).toContainText("$2,000,000");
    await expect(conflict).toContainText("$5,000,000");
    await conflict.getByText("Keep mine").click();
    await goOn(staff);
    await expect(staff.getByLabel("Contract or project")).toHaveValue("Subcontract 4471");
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect(staff.getByText(`What ${holder.name} asks for is saved.`)).toBeVisible();
    const merged = data(
      await client.GET("/v1/insureds/{insured}/holders/{holder}", { params: { path } }),
    );
    expect(merged.contract_reference).toBe("Subcontract 4471");
    expect(merged.requirements).toMatchObject({
      additional_insured_completed: true,
      limits: [
        { limit: "gl_each_occurrence", minimum: money("2000000.00") },
        { limit: "umb_aggregate", minimum: money("5000000.00") },
      ],
    });
  },
);

test("A template that somebody else saved first keeps what was typed", async ({ staff }) => {
  const client = clientOf(staff);
  const name = `Letter ${unique()}`;
  const before = { name, subject: "Certificate", body: "Dear {{holder}},\nattached." };
  const template = data(
    await client.POST("/v1/templates", { body: { ...before, kind: "message" } }),
  );
  const path = { template: template.id };
  await staff.goto(`${STAFF}/settings/templates`);
  const row = staff.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Edit" }).click();
  const dialog = staff.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Message" }).fill("Dear {{holder}},\nas you asked.");
  data(
    await client.PUT("/v1/templates/{template}", {
      params: { path, header: from(template.version) },
      body: { ...before, subject: "Certificate of {{insured}}" },
    }),
  );
  const conflict = await saveSecond(dialog);
  await expect(conflict).toContainText("Certificate of {{insured}}");
  await expect(conflict).toContainText("as you asked.");
  await goOn(staff);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toHaveCount(0);
  const merged = data(await client.GET("/v1/templates/{template}", { params: { path } }));
  expect(merged).toMatchObject({
    subject: "Certificate of {{insured}}",
    body: "Dear {{holder}},\nas you asked.",
  });
});

test(
  "The agency's profile that somebody else saved first keeps what was typed",
  AT_A_DESK,
  async ({ staff }) => {
    const client = clientOf(staff);
    const before = data(await client.GET("/v1/agency"));
    // The agency belongs to all stories: what it was is put back.
    const own = new Set(["id", "slug", "may", "version"]);
    const profile = {
      name: before.name,
      accent_color: before.accent_color,
      time_zone: before.time_zone,
      ...Object.fromEntries(Object.entries(before).filter(([field]) => !own.has(field))),
    };
    const [contact, help] = [`Robin ${unique()}`, `Call us. ${unique()}`];
    await staff.goto(`${STAFF}/settings/agency`);
    await staff.getByLabel("Contact", { exact: true }).fill(contact);
    data(
      await client.PUT("/v1/agency", {
        params: { header: from(before.version) },
        body: { ...profile, support_text: help },
      }),
    );
    const conflict = await saveSecond(staff, "Save agency profile");
    await expect(conflict).toContainText(help);
    await expect(conflict).toContainText(contact);
    await goOn(staff);
    await staff.getByRole("button", { name: "Save agency profile" }).click();
    await expect(staff.getByText("The agency profile is saved.")).toBeVisible();
    const merged = data(await client.GET("/v1/agency"));
    data(
      await client.PUT("/v1/agency", { params: { header: from(merged.version) }, body: profile }),
    );
    expect(merged).toMatchObject({ contact_name: contact, support_text: help });
  },
);

test(
  "An endorsement that somebody else saved first is kept as the one who came second decides",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Fencing");
    const insured = await loadBook(staff, book);
    const client = clientOf(staff);
    const list = data(
      await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
    );
    const policy = list.data.find((each) => each.number === book.policies.liability);
    const form = policy?.endorsements.find((each) => each.form_number === "CG 24 04");
    if (policy === undefined || form === undefined) throw new Error("there is no endorsement");
    const path = { policy: policy.id };
    await staff.goto(`${STAFF}/insureds/${insured}/policies/${policy.id}`);
    await staff.getByRole("button", { name: "Actions for CG 24 04 05 09" }).click();
    await staff.getByRole("menuitem", { name: "Edit endorsement" }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByLabel("Title").fill("Waiver, as I read it");
    const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    data(
      await client.PUT("/v1/policies/{policy}/endorsements/{endorsement}", {
        params: { path: { ...path, endorsement: form.id }, header: from(record.version) },
        body: {
          form_number: form.form_number,
          edition: form.edition,
          title: "Waiver of Transfer",
          effect: form.effect,
          scope: form.scope,
        },
      }),
    );
    const conflict = await saveSecond(dialog, "Save endorsement");
    await expect(conflict).toContainText("Waiver, as I read it");
    await conflict.getByText("Keep what is on file").click();
    await goOn(staff);
    await expect(dialog.getByLabel("Title")).toHaveValue("Waiver of Transfer");
    await dialog.getByLabel("Title").fill("Waiver of Transfer of Rights");
    await dialog.getByRole("button", { name: "Save endorsement" }).click();
    await expect(dialog).toHaveCount(0);
    const merged = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    const titles = merged.policy.endorsements.map((each) => each.title);
    expect(titles).toContain("Waiver of Transfer of Rights");
  },
);

test(
  "An endorsement that is added while somebody else adds another one goes beside it without a question",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Drywall");
    const insured = await loadBook(staff, book);
    const client = clientOf(staff);
    const list = data(
      await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
    );
    const policy = list.data.find((each) => each.number === book.policies.liability)?.id ?? "";
    const path = { policy };
    const theirs = {
      form_number: "CG 25 03",
      edition: "05 09",
      title: "Designated Construction Project(s) General Aggregate Limit",
      effect: "per_project_aggregate",
      scope: "blanket",
    } as const;
    await staff.goto(`${STAFF}/insureds/${insured}/policies/${policy}`);
    await staff.getByRole("button", { name: "Add endorsement" }).click();
    const dialog = staff.getByRole("dialog");
    await dialog.getByLabel("Form number").fill("CG 20 01");
    await dialog.getByLabel("Edition").fill("12 19");
    await dialog.getByLabel("Title").fill("Primary and Noncontributory");
    await pick(staff, "Effect", "Primary and noncontributory");
    await pick(staff, "Reaches", /^Blanket/);
    const { version } = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    data(
      await client.POST("/v1/policies/{policy}/endorsements", {
        params: { path, header: from(version) },
        body: theirs,
      }),
    );
    await dialog.getByRole("button", { name: "Add endorsement" }).click();
    await expect(dialog).toHaveCount(0);
    const merged = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    const forms = merged.policy.endorsements.map((each) => each.form_number);
    expect(forms).toEqual(expect.arrayContaining(["CG 20 01", "CG 25 03"]));
  },
);

test(
  "A cancellation keeps its reason although somebody else changed the policy",
  AT_A_DESK,
  async ({ staff }) => {
    const book = makeBook("Siding");
    const insured = await loadBook(staff, book);
    const client = clientOf(staff);
    const list = data(
      await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }),
    );
    const policy = list.data.find((each) => each.number === book.policies.auto)?.id ?? "";
    const path = { policy };
    await staff.goto(`${STAFF}/insureds/${insured}/policies/${policy}`);
    await staff.getByRole("button", { name: "Cancel policy" }).click();
    const dialog = staff.getByRole("dialog", { name: /^Cancel policy/ });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Sold the trucks.");
    const record = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    data(
      await client.PUT("/v1/policies/{policy}", {
        params: { path, header: from(record.version) },
        body: { ...record.terms, named_insured: `${book.name} and partners` },
      }),
    );
    const conflict = await saveSecond(dialog, "Cancel policy");
    await expect(conflict).toContainText("Sold the trucks.");
    await expect(conflict).toContainText("Only you changed this");
    await goOn(staff);
    await dialog.getByRole("button", { name: "Cancel policy" }).click();
    await expect(dialog).toHaveCount(0);
    const merged = data(await client.GET("/v1/policies/{policy}", { params: { path } }));
    expect(merged.policy).toMatchObject({ status: "cancelled", cancel_reason: "Sold the trucks." });
    expect(merged.terms.named_insured).toBe(`${book.name} and partners`);
  },
);

test(
  "Rights and the username of a portal account are merged with what somebody else changed",
  AT_A_DESK,
  async ({ staff }) => {
    const insured = await newInsured(staff);
    const client = clientOf(staff);
    const params = { path: { insured: insured.id } };
    const account = data(
      await client.POST("/v1/insureds/{insured}/portal-user", {
        params,
        body: { rights: ["file_access"] },
      }),
    );
    await staff.goto(`${STAFF}/insureds/${insured.id}`);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Change rights" }).click();
    const dialog = staff.getByRole("dialog", { name: "Change rights" });
    await dialog.getByRole("checkbox", { name: "Send Certificates" }).check();
    await dialog.getByRole("checkbox", { name: "File Access" }).uncheck();
    data(
      await client.PUT("/v1/insureds/{insured}/portal-user/rights", {
        params: { ...params, header: from(account.version) },
        body: { rights: ["file_access", "certificates_sent"] },
      }),
    );
    await saveSecond(dialog, "Save rights");
    await goOn(staff);
    await dialog.getByRole("button", { name: "Save rights" }).click();
    await expect(dialog).toHaveCount(0);
    const merged = data(await client.GET("/v1/insureds/{insured}/portal-user", { params }));
    expect(new Set(merged.rights)).toEqual(new Set(["certificates_sent", "send_certificates"]));

    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Change username" }).click();
    const rename = staff.getByRole("dialog", { name: "Change username" });
    const [mine, theirs] = [`mine.${unique()}`, `theirs.${unique()}`];
    await rename.getByRole("textbox", { name: "Username" }).fill(mine);
    data(
      await client.PUT("/v1/insureds/{insured}/portal-user/username", {
        params: { ...params, header: from(merged.version) },
        body: { username: theirs },
      }),
    );
    const conflict = await saveSecond(rename, "Change username");
    await expect(conflict).toContainText(theirs);
    await conflict.getByText("Keep mine").click();
    await goOn(staff);
    await rename.getByRole("button", { name: "Change username" }).click();
    await expect(rename).toHaveCount(0);
    const renamed = data(await client.GET("/v1/insureds/{insured}/portal-user", { params }));
    expect(renamed.username).toBe(mine);
  },
);
