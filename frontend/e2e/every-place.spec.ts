import { expect, type Page } from "@playwright/test";
import { goTo as goToPlace } from "./support/portal";
import { goTo, openInsured, openTab } from "./support/staff";
import { AT_A_DESK, signIn, test } from "./support/stories";
import { DEMO_INSURED, people, PORTAL } from "./support/surroundings";

/** Collects what the browser complains of, and answers of the server that are its own fault. */
function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(message.text());
  });
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 500) heard.push(`${response.status()} ${response.url()}`);
  });
  return heard;
}

test("Every place of the staff app opens without a complaint", async ({ staff }) => {
  const heard = complaints(staff);
  for (const [place, title] of [
    ["Insureds", "Insureds"],
    ["Holders", "Certificate holders"],
    ["Certificates", "Certificates"],
    ["Settings", "Agency profile"],
    ["Home", "Home"],
  ] as const) {
    await goTo(staff, place);
    await expect(staff.getByRole("heading", { level: 1, name: title })).toBeVisible();
  }
  await goTo(staff, "Settings");
  for (const page of ["Agency profile", "Import", "Failed mail"]) {
    await staff.getByRole("link", { name: page, exact: true }).click();
    await expect(staff.getByRole("heading").filter({ hasText: page }).first()).toBeVisible();
  }
  await openInsured(staff, DEMO_INSURED);
  for (const tab of [
    "Policies",
    "Documents",
    "Master certificates",
    "Portal",
    "Activity History",
    "Overview",
  ]) {
    await openTab(staff, tab);
    await expect(staff.getByRole("navigation", { name: "Profile" }).getByText(tab)).toHaveAttribute(
      "aria-current",
      "page",
    );
    await expect(staff.locator('[aria-busy="true"]')).toHaveCount(0);
  }
  expect(heard).toEqual([]);
});

test("Every place of the portal opens without a complaint", async ({ portal }) => {
  await signIn(portal, PORTAL, people.insured());
  const heard = complaints(portal);
  for (const [place, title] of [
    ["Policies", "Policies"],
    ["Certificates", "Certificates sent"],
    ["Send", "What, and for whom?"],
  ] as const) {
    await goToPlace(portal, place);
    await expect(portal.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await portal.goto(`${PORTAL}/`);
    await expect(portal.getByRole("heading", { level: 1, name: DEMO_INSURED })).toBeVisible();
  }
  await goToPlace(portal, "Certificates");
  await portal.getByRole("list", { name: "Certificates sent" }).getByRole("link").first().click();
  await expect(portal.getByRole("heading", { name: "Emails" })).toBeVisible();
  expect(heard).toEqual([]);
});

test(
  "Failed mail has a page of its own, and nothing on it looks broken when there is none",
  AT_A_DESK,
  async ({ staff }) => {
    await goTo(staff, "Settings");
    await staff.getByRole("link", { name: "Failed mail", exact: true }).click();
    await expect(
      staff.getByText("No mail has failed").or(staff.getByRole("table", { name: "Failed mail" })),
    ).toBeVisible();
  },
);
