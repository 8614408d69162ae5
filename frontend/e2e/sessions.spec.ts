import { expect } from "@playwright/test";
import { clientOf, data } from "./support/client";
import { mailsTo } from "./support/mail";
import { goTo as goToPlace } from "./support/portal";
import { AT_A_DESK, enter, signIn, test } from "./support/stories";
import { AGENCY, DEMO_INSURED, people, PORTAL, STAFF } from "./support/surroundings";
import { unique } from "./support/unique";

test(
  "A wrong password and an unknown name get the same answer",
  AT_A_DESK,
  async ({ portal, another }) => {
    const known = `${unique()}@nobody.example.com`;
    const answers: string[] = [];
    for (const [page, username] of [
      [portal, people.insured().username],
      [await another(), known],
    ] as const) {
      await page.goto(`${PORTAL}/${AGENCY}/sign-in`);
      await enter(page, { username, password: "certainly not the password" });
      const alert = page.getByRole("alert");
      await expect(alert).toBeVisible();
      answers.push((await alert.innerText()).replace(/[\da-f]{8}-[\da-f-]{27}/, ""));
      await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    }
    expect(answers[0]).toBe(answers[1]);
  },
);

test(
  "A forgotten password is answered alike for known and unknown names",
  AT_A_DESK,
  async ({ portal }) => {
    const unknown = `${unique()}@nobody.example.com`;
    await portal.goto(`${PORTAL}/${AGENCY}/sign-in`);
    await portal.getByRole("link", { name: "Forgot your password?" }).click();
    // The page before has a field of that name too, and stands until this one has been loaded.
    await expect(portal.getByRole("button", { name: "Email me a link" })).toBeVisible();
    await portal.getByLabel("Username").fill(unknown);
    await portal.getByRole("button", { name: "Email me a link" }).click();
    await expect(portal.getByText(`If there is an account named ${unknown}`)).toBeVisible();
    expect(await mailsTo(unknown)).toEqual([]);
  },
);

test("A1.31 the agency's contact stands on the sign-in page and in the portal", async ({
  portal,
}) => {
  await portal.goto(`${PORTAL}/${AGENCY}/sign-in`);
  await expect(portal.getByText("Questions?")).toBeVisible();
  await expect(portal.getByRole("link", { name: /^\(?\d{3}/ })).toHaveAttribute("href", /^tel:/);
  await signIn(portal, PORTAL, people.insured());
  await portal.getByRole("button", { name: "Account and help" }).click();
  await expect(portal.getByRole("link", { name: /^Call / })).toBeVisible();
});

test("Signing out ends the session on the server, and a page that was open leads back after signing in", async ({
  portal,
}) => {
  await signIn(portal, PORTAL, people.insured());
  await goToPlace(portal, "Certificates");
  await expect(portal.getByRole("heading", { name: "Certificates sent" })).toBeVisible();
  await portal.getByRole("button", { name: "Account and help" }).click();
  await portal.getByRole("button", { name: "Sign out" }).click();
  await expect(portal).toHaveURL(new RegExp(`/${AGENCY}/sign-in$`));

  await portal.goto(`${PORTAL}/certificates?holder=builders`);
  await expect(portal).toHaveURL(/sign-in/);
  await enter(portal, people.insured());
  await expect(portal).toHaveURL(/\/certificates\?holder=builders$/);

  // The agency's own address is no way out of a session.
  await portal.goto(`${PORTAL}/${AGENCY}/`);
  await expect(portal).toHaveURL(`${PORTAL}/`);
});

test(
  "The agency's own address leads whoever is signed in to the home page",
  AT_A_DESK,
  async ({ staff }) => {
    await staff.goto(`${STAFF}/${AGENCY}/`);
    await expect(staff).toHaveURL(`${STAFF}/`);
    await expect(
      staff.getByRole("navigation").getByRole("link", { name: "Home", exact: true }),
    ).toBeVisible();
  },
);

test(
  "An address without an agency asks which one, and remembers it",
  AT_A_DESK,
  async ({ portal }) => {
    await portal.goto(`${PORTAL}/`);
    await expect(portal.getByRole("heading", { name: "Which agency is yours?" })).toBeVisible();
    await portal.getByLabel("Short name of your agency").fill("no-such-agency-here");
    await portal.getByRole("button", { name: "Continue" }).click();
    await expect(portal.getByText("We do not know an agency named")).toBeVisible();
    await portal.getByLabel("Short name of your agency").fill(AGENCY);
    await portal.getByRole("button", { name: "Continue" }).click();
    await expect(portal).toHaveURL(new RegExp(`/${AGENCY}/sign-in`));
    await signIn(portal, PORTAL, people.insured());
    await portal.context().clearCookies();
    await portal.goto(`${PORTAL}/`);
    await expect(portal).toHaveURL(new RegExp(`/${AGENCY}/sign-in`));
    // What is missing here is the page, and not the agency.
    await portal.goto(`${PORTAL}/${AGENCY}/certificates`);
    await expect(
      portal.getByRole("heading", { name: "There is nothing at this address" }),
    ).toBeVisible();
  },
);

test(
  "A certificate is sent to a known holder with the keyboard alone, in at most 25 presses",
  AT_A_DESK,
  async ({ portal }) => {
    await signIn(portal, PORTAL, people.insured());
    await expect(portal.getByRole("heading", { level: 1, name: DEMO_INSURED })).toBeVisible();
    let presses = 0;
    const press = async (key: string) => {
      presses += 1;
      await portal.keyboard.press(key);
    };
    const tabTo = async (name: RegExp) => {
      const focused = () =>
        portal.evaluate(() => {
          const element = document.activeElement;
          const labels = element instanceof HTMLInputElement ? element.labels : null;
          return `${element?.textContent ?? ""} ${labels?.[0]?.textContent ?? ""}`;
        });
      for (let tries = 0; tries < 20; tries += 1) {
        await press("Tab");
        if (name.test(await focused())) return;
      }
      throw new Error(`no way to ${String(name)} with the Tab key`);
    };
    await portal.locator("body").focus();
    await tabTo(/^Send\b/);
    await press("Enter");
    await expect(portal.getByRole("heading", { name: "What, and for whom?" })).toBeFocused();
    // The certificate is chosen already where there is only one; then the latest holder.
    const holder = portal.locator('input[name="holder"]').first();
    for (let tries = 0; tries < 6; tries += 1) {
      await press("Tab");
      if (await holder.evaluate((element) => element === document.activeElement)) break;
    }
    await press("Space");
    await press("Enter");
    await expect(portal.getByRole("heading", { name: "Look it over" })).toBeFocused();
    await tabTo(/^Looks right/);
    await press("Enter");
    await expect(portal.getByRole("heading", { name: "Who receives it?" })).toBeFocused();
    await tabTo(/^Send to/);
    await press("Enter");
    await expect(portal.getByRole("heading", { name: /^Your certificate is/ })).toBeVisible();
    expect(presses).toBeLessThanOrEqual(25);
  },
);

test(
  "Two staff users each see their own name and what their group opens",
  AT_A_DESK,
  async ({ another }) => {
    const page = await another();
    await signIn(page, STAFF, people.service());
    await expect(page.getByRole("button", { name: "Menu of Jordan Reyes" })).toBeVisible();
    const session = data(await clientOf(page).GET("/v1/session"));
    const parts = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    await page.goto(`${STAFF}/settings/agency`);
    await expect(parts).toHaveText([
      "Agency profile",
      "Templates",
      "State rules",
      ...(session.may.includes("run_imports") ? ["Import"] : []),
      ...(session.may.includes("retry_mail") ? ["Failed mail"] : []),
    ]);
    // The group of the service staff does not open the agency's own record.
    await expect(page.getByRole("button", { name: "Save changes" })).toBeHidden();
  },
);
