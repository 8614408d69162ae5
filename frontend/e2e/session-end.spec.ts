import { expect } from "@playwright/test";
import { pick } from "./support/staff";
import { AT_A_DESK, enter, signIn, test } from "./support/stories";
import { AGENCY, people, PORTAL, STAFF } from "./support/surroundings";

test("What an insured entered is still there after the session ended in the middle of it", async ({
  portal,
}) => {
  await signIn(portal, PORTAL, people.insured());
  await portal.goto(`${PORTAL}/send`);
  await portal.locator('input[name="master"]').first().check();
  await portal.getByRole("button", { name: "Someone new" }).click();
  await portal.getByLabel("Company or person").fill("Granite Ridge Builders");
  await portal.getByLabel("Street address").fill("100 North Sierra Street");
  await portal.getByLabel("City").fill("Reno");
  await portal.getByLabel("State").selectOption("Nevada");
  await portal.getByLabel("ZIP code").fill("89501");
  await portal.context().clearCookies();
  await portal.getByRole("button", { name: "See the certificate" }).click();

  await expect(portal).toHaveURL(new RegExp(`/${AGENCY}/sign-in`));
  await expect(portal.getByText("You are no longer signed in.")).toBeVisible();
  await enter(portal, people.insured());
  await expect(portal).toHaveURL(`${PORTAL}/send`);
  await expect(portal.getByLabel("Company or person")).toHaveValue("Granite Ridge Builders");
  await portal.getByRole("button", { name: "See the certificate" }).click();
  await expect(portal.getByRole("heading", { name: "Look it over" })).toBeVisible();
});

test(
  "What staff entered is still there after the session ended in the middle of it",
  AT_A_DESK,
  async ({ another }) => {
    const page = await another();
    await signIn(page, STAFF, people.service());
    await page.goto(`${STAFF}/insureds/new`);
    await page.getByLabel("Legal name").fill("Granite Ridge Builders LLC");
    await page.getByLabel("Street address").fill("100 North Sierra Street");
    await page.getByLabel("City").fill("Reno");
    await pick(page, "State", "NV Nevada");
    await page.getByLabel("ZIP code").fill("89501");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Create insured" }).click();

    await expect(page).toHaveURL(new RegExp(`/${AGENCY}/sign-in`));
    await enter(page, people.service());
    await expect(page).toHaveURL(`${STAFF}/insureds/new`);
    await expect(page.getByLabel("Legal name")).toHaveValue("Granite Ridge Builders LLC");
    await expect(page.getByLabel("ZIP code")).toHaveValue("89501");
  },
);

test("An address that was shared is reached by a browser that has never been here", async ({
  portal,
}) => {
  await portal.goto(`${PORTAL}/certificates?holder=builders`);
  await portal.getByLabel("Short name of your agency").fill(AGENCY);
  await portal.getByRole("button", { name: "Continue" }).click();
  await enter(portal, people.insured());
  await expect(portal).toHaveURL(`${PORTAL}/certificates?holder=builders`);
});
