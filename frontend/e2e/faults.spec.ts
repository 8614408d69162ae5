import { expect, type Page } from "@playwright/test";
import { clientOf, data } from "./support/client";
import { exceptions, expectTold, type Fault, faulty, isCall } from "./support/faults";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { DEMO_INSURED, people, PORTAL, STAFF } from "./support/surroundings";

const READS: readonly Fault[] = [
  [403, "forbidden"],
  [500, "internal"],
];

const WRITES: readonly Fault[] = [
  [409, "request_in_flight"],
  [412, "stale_version"],
  [422, "validation"],
  [500, "internal"],
  "gateway",
  "offline",
];

async function demoInsured(page: Page): Promise<string> {
  const found = data(
    await clientOf(page).GET("/v1/insureds", { params: { query: { q: DEMO_INSURED } } }),
  );
  return found.data[0]?.id ?? "";
}

test(
  "A page of the staff app that cannot be read says so, and reads again",
  AT_A_DESK,
  async ({ staff }) => {
    const profile = `/insureds/${await demoInsured(staff)}`;
    const heard = exceptions(staff);
    // A page that is refused says that it is not open, and offers nothing to try again: a story of its own.
    const passing = READS.filter((fault) => String(fault) !== "403,forbidden");
    const pages = [
      ["/", /\/v1\/home$/],
      ["/insureds", /\/v1\/insureds$/],
      ["/certificates", /\/v1\/certificates$/],
      [profile, /\/policies$/],
      [`${profile}/policies`, /\/policies$/],
      [`${profile}/documents/certificates`, /\/certificates$/],
      [`${profile}/masters`, /\/masters$/],
      [`${profile}/portal`, /\/portal-user$/],
      [`${profile}/activity`, /\/activity$/],
      [`${profile}/send`, /\/masters$/],
      ["/settings/agency", /\/v1\/agency$/],
      ["/settings/import", /\/v1\/imports$/],
      ["/settings/mail", /\/v1\/failed-jobs$/],
    ] as const;
    for (const [index, [path, call]] of pages.entries()) {
      // All pages tell of problems in one way, so that one kind for each is enough.
      const fault = passing[index % passing.length] ?? "offline";
      const { mend } = await faulty(staff, isCall("GET", call), fault);
      await staff.goto(`${STAFF}${path}`);
      await expectTold(staff, `${path} with ${String(fault)}`);
      await mend();
      // The fault has passed: the way that the page offers leads out of it.
      await staff.getByRole("button", { name: "Try again" }).first().click();
      await expect(staff.getByRole("alert").filter({ visible: true }), path).toHaveCount(0);
    }
    expect(heard).toEqual([]);
  },
);

test("A change in the staff app that fails is told, and nothing that was entered is lost", async ({
  staff,
}) => {
  const heard = exceptions(staff);
  await staff.goto(`${STAFF}/insureds/${await demoInsured(staff)}/edit`);
  const dba = staff.getByLabel("Doing business as");
  await dba.fill("Alder Creek Roofs");
  for (const fault of WRITES) {
    const { came, mend } = await faulty(staff, isCall("PUT", /\/v1\/insureds\//), fault);
    await staff.getByRole("button", { name: "Save changes" }).click();
    await expect.poll(() => came.length, String(fault)).toBe(1);
    await expectTold(staff, String(fault));
    await expect(staff.getByRole("alert").first(), String(fault)).toBeInViewport();
    await expect(dba).toHaveValue("Alder Creek Roofs");
    await mend();
  }
  expect(heard).toEqual([]);
});

test("A page of the portal that cannot be read says so", async ({ portal }) => {
  await signIn(portal, PORTAL, people.insured());
  const heard = exceptions(portal);
  for (const [path, call] of [
    ["/", /\/v1\/portal\/home$/],
    ["/policies", /\/policies$/],
    ["/certificates", /\/certificates$/],
    ["/send", /\/masters$/],
  ] as const) {
    for (const fault of READS) {
      const { mend } = await faulty(portal, isCall("GET", call), fault);
      await portal.goto(`${PORTAL}${path}`);
      const told = portal
        .getByRole("alert")
        .or(portal.getByRole("heading", { name: "This is not open to you" }));
      await expect(told.first(), `${path} with ${String(fault)}`).toBeVisible();
      await mend();
    }
  }
  expect(heard).toEqual([]);
});

test(
  "A certificate whose sending got no answer is sent once, however often the button is pressed",
  AT_A_DESK,
  async ({ portal }) => {
    await signIn(portal, PORTAL, people.insured());
    const heard = exceptions(portal);
    await portal.goto(`${PORTAL}/send`);
    await portal.locator('input[name="master"]').first().check();
    await portal.locator('input[name="holder"]').first().check();
    await portal.getByRole("button", { name: "See the certificate" }).click();
    await portal.getByRole("button", { name: "Looks right" }).click();
    const send = portal.getByRole("button", { name: /^Send to/ });
    const keys: string[] = [];
    for (const fault of WRITES) {
      const { came, mend } = await faulty(portal, isCall("POST", /\/certificates$/), fault);
      await send.click();
      await expect.poll(() => came.length, String(fault)).toBe(1);
      await expectTold(portal, String(fault));
      keys.push(came[0]?.headers()["idempotency-key"] ?? "");
      await mend();
    }
    await expect(portal.getByRole("alert")).toContainText("it will not happen twice");
    // Only a refusal begins a new act: the first two are one, and so are the last three.
    const [inFlight, stale, invalid, ...unknown] = keys;
    expect(stale).toBe(inFlight);
    expect(invalid).not.toBe(stale);
    const [act] = unknown;
    expect(act).not.toBe(invalid);
    expect(unknown).toEqual([act, act, act]);

    const last = portal.waitForRequest(isCall("POST", /\/certificates$/));
    await send.click();
    expect((await last).headers()["idempotency-key"]).toBe(act);
    await expect(portal.getByRole("heading", { name: /^Your certificate is/ })).toBeVisible();
    expect(heard).toEqual([]);
  },
);

test(
  "Signing out that did not reach the server is not called signing out",
  AT_A_DESK,
  async ({ portal }) => {
    await signIn(portal, PORTAL, people.insured());
    const { mend } = await faulty(portal, isCall("DELETE", /\/v1\/session$/), "offline");
    const menu = portal.getByRole("button", { name: "Account and help" });
    await menu.click();
    await portal.getByRole("button", { name: "Sign out" }).click();
    await expect(portal.getByRole("alert")).toContainText("No answer came");
    await expect(portal.getByRole("navigation", { name: "Main" })).toBeVisible();
    await mend();
    if (await portal.getByRole("button", { name: "Sign out" }).isHidden()) await menu.click();
    await portal.getByRole("button", { name: "Sign out" }).click();
    await expect(portal).toHaveURL(/\/sign-in$/);
  },
);
