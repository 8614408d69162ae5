import { expect, type Page } from "@playwright/test";
import { linkIn, mailTo } from "./mail";
import { signIn } from "./stories";
import { PORTAL } from "./surroundings";

export const PASSWORD = "tin-orchard-paper-lantern-7";

/** Follows an invitation to a password and signs in. */
export async function acceptInvitation(page: Page, email: string): Promise<void> {
  await page.goto(linkIn(await mailTo(email)));
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(page.getByRole("heading", { name: "Your password is saved" })).toBeVisible();
  await signIn(page, PORTAL, { username: email, password: PASSWORD });
}

/** Chooses a place of the portal. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: place, exact: true })
    .click();
}
