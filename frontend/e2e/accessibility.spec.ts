import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { makeBook } from "./support/book";
import { issueOne } from "./support/certificates";
import { clientOf, data } from "./support/client";
import { linkIn, mailTo } from "./support/mail";
import { chooseAction, loadBookWithMaster } from "./support/staff";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { AGENCY, DEMO_INSURED, people, PORTAL, STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SCHEMES = ["light", "dark"] as const;

/** Colors are the same at every width: the desktop looks at both schemes, the phone at what its layout changes. */
function schemesOfWidth(): readonly (typeof SCHEMES)[number][] {
  return test.info().project.name === "phone" ? ["light"] : SCHEMES;
}

/** What opens over a page has its colors, which are looked at in both there. */
const DARK = ["dark"] as const;

/** Waits until the page shows content, not its skeleton. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** What is shown while the colors change may have the ink of the one scheme on the paper of the other for a frame. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
      }),
  );
}

/**
 * Everything, or only the one rule whose outcome a color scheme changes. There are no frames of other origins, so
 * that the scan needs no page of its own to bring results together in; and nothing to load for rules on media.
 */
function scan(page: Page, everything: boolean): AxeBuilder {
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ["violations"], preload: false });
  return everything ? axe.withTags(RULES) : axe.withRules(["color-contrast"]);
}

async function look(
  page: Page,
  what: string,
  schemes: readonly (typeof SCHEMES)[number][] = schemesOfWidth(),
): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`)).toBeAttached();
    await painted(page);
    const { violations } = await scan(page, colorScheme === schemes[0]).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n    ")}`,
    );
    expect.soft(found, `${what} in ${colorScheme}`).toEqual([]);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(sideways, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
  }
}

test("The staff app's routes have no violation in light and dark", async ({ staff }) => {
  test.setTimeout(720_000);
  const client = clientOf(staff);
  const insureds = data(
    await client.GET("/v1/insureds", { params: { query: { q: DEMO_INSURED } } }),
  );
  const insured = insureds.data[0]?.id ?? "";
  const params = { params: { path: { insured } } };
  const masters = data(await client.GET("/v1/insureds/{insured}/masters", params));
  const sent = data(await client.GET("/v1/insureds/{insured}/certificates", params));
  const policies = data(await client.GET("/v1/insureds/{insured}/policies", params));
  const policy = policies.data.find((each) => each.state === "in_force")?.id ?? "";
  const imports = data(await client.GET("/v1/imports", { params: { query: {} } }));
  const holders = data(await client.GET("/v1/holders", { params: { query: { limit: 1 } } }));
  const holder = holders.data[0]?.id ?? "";
  const started = await client.POST("/v1/insureds/{insured}/batches", {
    params: { path: { insured } },
    body: {
      master_id: masters.data[0]?.id ?? "",
      rows: [{ holder_id: holder, to: ["scan@example.com"], cc: [] }],
    },
  });
  data(started);
  const batches = data(await client.GET("/v1/batches", { params: { query: { limit: 1 } } }));
  const blocked = {
    master_id: masters.data[0]?.id ?? "",
    holder: { id: holder },
    description: "30 days notice will be given.",
    recipients: { to: ["certificates@example.com"] },
  };
  await client.POST("/v1/insureds/{insured}/approvals", {
    ...params,
    body: { draft: blocked, note: "For a look at the page." },
  });
  const approvals = data(await client.GET("/v1/approvals", { params: { query: { limit: 1 } } }));
  const group = data(
    await client.POST("/v1/holder-groups", { body: { name: `Scan ${unique()}` } }),
  );
  await client.PUT("/v1/holder-groups/{group}/holders", {
    params: { path: { group: group.id } },
    body: { add: [holder], remove: [] },
  });
  const link = { path: { insured, holder } };
  const known = data(await client.GET("/v1/insureds/{insured}/holders/{holder}", { params: link }));
  await client.PUT("/v1/insureds/{insured}/holders/{holder}", {
    params: { ...link, header: { "If-Match": `"${known.version}"` } },
    body: {
      contract_reference: "Subcontract 4471",
      requirements: { additional_insured_ongoing: true, additional_insured_completed: true },
    },
  });
  const interest = data(
    await client.POST("/v1/insureds/{insured}/interests", {
      ...params,
      body: {
        name: "Basin Leasing, Inc.",
        address: {
          line1: "900 Rail Spur",
          city: "Sparks",
          state: "NV",
          postal_code: "89434",
        },
        emails: ["proof@leasing.example.com"],
        nature: "LP",
        item: { kind: "location", text: "Yard at 12 Mill Street" },
        reference: "88-104",
        from_on: "2026-01-01",
        policy_ids: [policy],
      },
    }),
  ).id;
  const profile = `/insureds/${insured}`;
  for (const path of [
    "/",
    "/insureds",
    "/insureds?q=nobody%20of%20this%20name",
    "/insureds/new",
    profile,
    `${profile}/edit`,
    `${profile}/policies`,
    `${profile}/policies/${policy}`,
    `${profile}/policies/${policy}/edit`,
    `${profile}/policies/${policy}/renew`,
    `${profile}/documents/certificates`,
    `${profile}/masters`,
    `${profile}/masters/new`,
    `${profile}/masters/${masters.data[0]?.id ?? ""}`,
    `${profile}/interests`,
    `${profile}/interests/new`,
    `${profile}/interests/${interest}`,
    `${profile}/send?interest=${interest}`,
    `${profile}/portal`,
    `${profile}/activity`,
    `${profile}/send`,
    `${profile}/send?holder=${holder}`,
    `${profile}/bulk`,
    `${profile}/renewal?master=${masters.data[0]?.id ?? ""}`,
    `${profile}/documents/batches`,
    "/certificates/batches",
    ...batches.data.slice(0, 1).map((each) => `/certificates/batches/${each.id}`),
    "/holders",
    "/holders?archived=true",
    "/holders/new",
    `/holders/${holder}`,
    `/holders/${holder}/edit`,
    `/holders/${holder}/insureds/${insured}`,
    `/holders/${holder}/insureds/${insured}/edit`,
    "/holders/groups",
    `/holders/groups/${group.id}`,
    "/certificates",
    `/certificates/${sent.data[0]?.id ?? ""}`,
    `${profile}/send?revises=${sent.data[0]?.id ?? ""}`,
    `${profile}/activity?kind=certificates`,
    "/certificates/approvals",
    "/certificates/approvals?view=all",
    ...approvals.data.slice(0, 1).map((each) => `/certificates/approvals/${each.id}`),
    "/settings/agency",
    "/settings/state-rules",
    "/settings/templates",
    "/settings/import",
    "/settings/import/new",
    ...imports.data.slice(0, 1).map((run) => `/settings/import/${run.id}`),
    "/settings/mail",
    "/no/such/page",
  ]) {
    await staff.goto(`${STAFF}${path}`);
    await settled(staff);
    await look(staff, path);
  }
});

test("What opens over the staff app's pages has no violation", AT_A_DESK, async ({ staff }) => {
  test.setTimeout(300_000);
  const client = clientOf(staff);
  const insureds = data(
    await client.GET("/v1/insureds", { params: { query: { q: DEMO_INSURED } } }),
  );
  const profile = `${STAFF}/insureds/${insureds.data[0]?.id ?? ""}`;
  const dialog = staff.getByRole("dialog");
  async function close() {
    await staff.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  }

  await settled(staff);
  await staff.keyboard.press("ControlOrMeta+K");
  await dialog.getByRole("combobox", { name: "Search" }).fill("alder");
  await expect(dialog.getByRole("option").first()).toBeVisible();
  await look(staff, "the palette", DARK);
  await close();

  await staff.getByRole("button", { name: /^Menu of / }).click();
  await expect(staff.getByRole("menu")).toBeVisible();
  await look(staff, "the person's menu", DARK);

  await staff.goto(profile);
  await settled(staff);
  await staff.getByRole("button", { name: "Actions", exact: true }).click();
  await expect(staff.getByRole("menu")).toBeVisible();
  await look(staff, "the profile's menu", DARK);
  await staff.keyboard.press("Escape");
  await chooseAction(staff, "Update User");
  await expect(dialog).toBeVisible();
  await look(staff, "Update User", DARK);
  await staff.getByRole("button", { name: "Change rights" }).click();
  await expect(staff.getByRole("dialog", { name: "Change rights" })).toBeVisible();
  await expect(staff.getByRole("checkbox").first()).toBeVisible();
  await look(staff, "Change rights", DARK);

  await staff.goto(`${profile}/policies`);
  await settled(staff);
  await staff.getByRole("table", { name: "In force" }).getByRole("link").first().click();
  await expect(staff.getByRole("heading", { name: "History of changes" })).toBeVisible();
  for (const action of ["Cancel policy", "Add endorsement"]) {
    await staff.getByRole("button", { name: action }).click();
    await expect(dialog).toBeVisible();
    await look(staff, action, DARK);
    await close();
  }

  await staff.goto(`${profile}/documents/certificates`);
  await settled(staff);
  for (const action of [
    "Preview",
    "Resend exact copy",
    "Resend with edits",
    "Withdraw certificate",
  ]) {
    await staff
      .getByRole("button", { name: /^Actions for / })
      .first()
      .click();
    await staff.getByRole("menuitem", { name: action }).click();
    await expect(dialog).toBeVisible();
    await settled(staff);
    // The recipients are looked at first, and a button that comes to life has no color of its own meanwhile.
    if (action.startsWith("Resend")) {
      await expect(dialog.getByRole("button", { name: /^Resend to / })).toBeEnabled();
    }
    await look(staff, action, DARK);
    await close();
    // The focus is back where the dialog came from.
    await expect(staff.getByRole("button", { name: /^Actions for / }).first()).toBeFocused();
  }

  await staff.goto(`${profile}/send`);
  await settled(staff);
  await staff.getByRole("combobox", { name: "Certificate holder" }).click();
  await staff.getByRole("option").first().click();
  // A phone shows the decisions or the page.
  const paper = staff.getByText("Page", { exact: true });
  if (await paper.isVisible()) await paper.click();
  await expect(staff.locator("canvas").first()).toBeAttached();
  await look(staff, "the send page with its preview", DARK);
});

test(
  "The staff app's pages before signing in have no violation",
  AT_A_DESK,
  async ({ another }) => {
    const page = await another();
    for (const path of [
      "/sign-in",
      `/${AGENCY}/sign-in`,
      `/${AGENCY}/forgot-password`,
      `/${AGENCY}/set-password#token=none`,
    ]) {
      await page.goto(`${STAFF}${path}`);
      await settled(page);
      await look(page, path);
    }
    await page.goto(`${STAFF}/${AGENCY}/sign-in`);
    await page.getByLabel("Username").fill("nobody.of.this.name");
    await page.getByLabel("Password", { exact: true }).fill("certainly not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await look(page, "a refused sign-in");
  },
);

/** What a link in a mail opens: a certificate that stands, and one that was withdrawn. */
async function lookAtLinks(page: Page, staff: Page): Promise<void> {
  const client = clientOf(staff);
  const insureds = data(
    await client.GET("/v1/insureds", { params: { query: { q: DEMO_INSURED } } }),
  );
  const params = { params: { path: { insured: insureds.data[0]?.id ?? "" } } };
  const masters = data(await client.GET("/v1/insureds/{insured}/masters", params));
  const holders = data(await client.GET("/v1/holders", { params: { query: { limit: 1 } } }));
  const to = `scan-${unique()}@example.com`;
  const sent = data(
    await client.POST("/v1/insureds/{insured}/certificates", {
      ...params,
      body: {
        master_id: masters.data[0]?.id ?? "",
        holder: { id: holders.data[0]?.id ?? "" },
        recipients: { to: [to] },
        channel: "link",
      },
    }),
  );
  await page.goto(linkIn(await mailTo(to)));
  await expect(page.locator("canvas").first()).toBeVisible();
  await settled(page);
  await look(page, "a certificate behind a link");
  await client.POST("/v1/certificates/{certificate}/withdrawal", {
    params: { path: { certificate: sent.id } },
    body: { reason: "For a look at the page." },
  });
  await page.reload();
  await expect(page.getByText("WITHDRAWN")).toBeVisible();
  await look(page, "a withdrawn certificate behind a link");
}

/** What an insured is asked by a link: the question as it comes, filled with a fault, answered, and used. */
async function lookAtQuestion(page: Page, staff: Page): Promise<void> {
  const book = makeBook("Drywall");
  const insured = await loadBookWithMaster(staff, book);
  await issueOne(staff, insured, book.holderEmail);
  const client = clientOf(staff);
  const masters = data(
    await client.GET("/v1/insureds/{insured}/masters", { params: { path: { insured } } }),
  );
  await client.POST("/v1/insureds/{insured}/masters/{master}/renewal/question", {
    params: { path: { insured, master: masters.data[0]?.id ?? "" } },
    body: {
      to: [book.email],
      message: "Your policies renew soon.\nPlease tick whoever still asks.",
    },
  });
  await page.goto(linkIn(await mailTo(book.email)));
  const holder = page.getByRole("checkbox", { name: book.holder });
  await expect(holder).toBeVisible();
  await settled(page);
  await look(page, "the renewal question");
  await holder.check();
  await page
    .getByRole("textbox", { name: "Anything else" })
    .fill("The yard on Mill Street is let to somebody else now.");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByText("Enter your name.")).toBeVisible();
  await look(page, "the renewal question with its fault");
  await page.getByRole("textbox", { name: "Your name" }).fill("Pat Rivera");
  await expect(page.getByText("Enter your name.")).toHaveCount(0);
  await look(page, "the renewal question filled");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByRole("heading", { name: "Your answer is sent" })).toBeVisible();
  await look(page, "the answered renewal question");
  await page.reload();
  await expect(page.getByRole("heading", { name: "This link was used already" })).toBeVisible();
  await look(page, "a renewal question whose link was used");
}

test("The portal's routes have no violation in light and dark", async ({ portal, staff }) => {
  test.setTimeout(300_000);
  for (const path of [
    "/sign-in",
    `/${AGENCY}/sign-in`,
    `/${AGENCY}/forgot-password`,
    `/${AGENCY}/set-password#token=none`,
    `/${AGENCY}/certificate#token=none`,
    `/${AGENCY}/renewal#token=none`,
    `/${AGENCY}/suspended`,
    "/no-such-agency/sign-in",
  ]) {
    await portal.goto(`${PORTAL}${path}`);
    await settled(portal);
    await look(portal, path);
  }
  await lookAtLinks(portal, staff);
  await lookAtQuestion(portal, staff);
  await signIn(portal, PORTAL, people.insured());
  const client = clientOf(portal);
  const session = data(await client.GET("/v1/session"));
  const params = { params: { path: { insured: session.insured?.id ?? "" } } };
  const policies = data(await client.GET("/v1/insureds/{insured}/policies", params));
  const sent = data(await client.GET("/v1/insureds/{insured}/certificates", params));
  const certificate = sent.data[0]?.id ?? "";
  for (const path of [
    "/",
    "/policies",
    `/policies/${policies.data[0]?.id ?? ""}`,
    "/certificates",
    "/certificates?holder=nobody%20of%20this%20name",
    `/certificates/${certificate}`,
    `/certificates/${certificate}?again=true`,
    `/certificates/${certificate}/page`,
    `/certificates/${certificate}/sent`,
    "/send",
    "/no/such/page",
  ]) {
    await portal.goto(`${PORTAL}${path}`);
    await settled(portal);
    await look(portal, path);
  }

  // The steps that have no address of their own until something is entered.
  await portal.goto(`${PORTAL}/send`);
  await portal.getByRole("button", { name: "Someone new" }).click();
  await portal.getByRole("button", { name: "See the certificate" }).click();
  await look(portal, "the form of a new holder with its faults");
  await portal.getByRole("button", { name: "Choose from the list" }).click();
  await portal.locator('input[name="master"]').first().check();
  await portal.locator('input[name="holder"]').first().check();
  await portal.getByRole("button", { name: "See the certificate" }).click();
  await expect(portal.locator("canvas").first()).toBeVisible();
  await look(portal, "the preview");
  await portal.getByRole("button", { name: "Looks right" }).click();
  await expect(portal.getByRole("heading", { name: "Who receives it?" })).toBeVisible();
  await look(portal, "the recipients");
  await portal.getByRole("button", { name: "Account and help" }).click();
  await look(portal, "the account menu");
});

/** Nothing is wider than the smallest phone. */
async function reflows(page: Page, origin: string, paths: readonly string[]): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of paths) {
    await page.goto(`${origin}${path}`);
    await settled(page);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(sideways, path).toBeLessThanOrEqual(0);
  }
}

test("The portal's pages reflow at 320 pixels", AT_A_DESK, async ({ portal }) => {
  await signIn(portal, PORTAL, people.insured());
  await reflows(portal, PORTAL, ["/", "/policies", "/certificates", "/send"]);
});

test("The staff app's pages reflow at 320 pixels", AT_A_DESK, async ({ staff }) => {
  // A name as long as one may be, with no place to break it.
  const insured = data(
    await clientOf(staff).POST("/v1/insureds", {
      body: {
        name: unique().padEnd(200, "W"),
        kind: "commercial",
        address: { line1: "1 Mill Street", city: "Reno", state: "NV", postal_code: "89501" },
      },
    }),
  );
  await reflows(staff, STAFF, [
    `/insureds/${insured.id}`,
    `/insureds/${insured.id}/masters/new`,
    "/",
    "/insureds",
    "/insureds/new",
    "/certificates",
    "/settings/agency",
    "/settings/import",
  ]);
});
