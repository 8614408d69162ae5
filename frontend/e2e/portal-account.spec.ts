import { expect, type Page } from "@playwright/test";
import { linkIn, mailsTo, mailTo } from "./support/mail";
import { PASSWORD } from "./support/portal";
import { chooseAction, goTo, openInsured, openTab } from "./support/staff";
import { signIn, test } from "./support/stories";
import { PORTAL } from "./support/surroundings";
import { capitalized, unique } from "./support/unique";

/** Settings of a new insured, entered by hand. */
async function createInsured(page: Page, name: string, email: string | null): Promise<void> {
  await goTo(page, "Insureds");
  await page.getByRole("link", { name: "New insured" }).click();
  await page.getByLabel("Legal name").fill(name);
  if (email !== null) await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Street address").fill("255 South Virginia Street");
  await page.getByLabel("City").fill("Reno");
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "NV Nevada" }).click();
  await page.getByLabel("ZIP code").fill("89501");
  await page.getByRole("button", { name: "Create insured" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test.describe.serial("A portal account, from Create User Account to its end", () => {
  const word = unique();
  const name = `${capitalized(word)} Plumbing LLC`;
  const email = `office@${word}.example.com`;

  test("A1.03 A1.04 A1.05 A1.06 A1.12 A1.13 A1.14 it is created from the profile, and only Save sends mail", async ({
    staff,
  }) => {
    await createInsured(staff, name, email);
    await chooseAction(staff, "Create User Account");
    const dialog = staff.getByRole("dialog", { name: "Create User Account" });
    await expect(dialog.getByText(`When you save, ${email} gets an email`)).toBeVisible();
    // Told, not asked: it is the insured's address.
    await expect(dialog.getByRole("definition").filter({ hasText: email })).toBeVisible();
    await expect(dialog.getByRole("textbox")).toHaveCount(0);

    // The server's catalogue, in its two kinds: a label with an action verb acts.
    const see = dialog.getByRole("group", { name: "May see" });
    const act = dialog.getByRole("group", { name: "May do" });
    for (const label of ["View Policy Information", "Vehicles (ID Card Access)", "File Access"]) {
      await expect(see.getByRole("checkbox", { name: label })).toBeVisible();
    }
    for (const label of ["Send Certificates", "Add Additional Interests"]) {
      await expect(act.getByRole("checkbox", { name: label })).toBeVisible();
    }
    await see.getByRole("checkbox", { name: "View Policy Information" }).check();
    expect(await mailsTo(email)).toEqual([]);

    await dialog.getByRole("button", { name: "Save and send invitation" }).click();
    await expect(dialog).toBeHidden();
    await mailTo(email);

    // The account exists now: the item gives way to its successor.
    await staff.getByRole("button", { name: "Actions", exact: true }).click();
    await expect(staff.getByRole("menuitem", { name: "Update User" })).toBeVisible();
    await expect(staff.getByRole("menuitem", { name: "Create User Account" })).toBeHidden();
  });

  test("A1.24 A1.26 the mail's link works once; the password's rules are told; the portal opens", async ({
    portal,
    another,
  }) => {
    const link = linkIn(await mailTo(email));
    expect(link.startsWith(`${PORTAL}/`)).toBe(true);
    await portal.goto(link);
    await expect(portal.getByLabel("Username")).toHaveValue(email);
    const password = portal.getByLabel("New password");
    const save = portal.getByRole("button", { name: "Save password" });

    await password.fill("too short");
    await expect(portal.getByText("At least 15 characters (6 to go)")).toBeVisible();
    await save.click();
    await expect(portal.getByText("Use at least 15 characters.")).toBeVisible();

    await password.fill(`${word} plumbing ${word}`);
    await save.click();
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await expect(portal.getByText("This is made of your name")).toBeVisible();

    await password.fill(PASSWORD);
    await save.click();
    await expect(portal.getByRole("heading", { name: "Your password is saved" })).toBeVisible();

    const second = await another();
    await second.goto(link);
    await expect(second.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
    await expect(second.getByRole("link", { name: "Get a new link" })).toBeVisible();

    await portal.getByRole("link", { name: "Sign in" }).click();
    await portal.getByLabel("Username").fill(email);
    await portal.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await portal.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(portal.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  test("A1.15 A1.16 A1.22 rights are changed under Update User and bite on the next request", async ({
    staff,
    portal,
  }) => {
    await signIn(portal, PORTAL, { username: email, password: PASSWORD });
    const places = portal.getByRole("navigation", { name: "Main" });
    await expect(places.getByRole("link", { name: "Policies" })).toBeVisible();
    await expect(places.getByRole("link", { name: "Send" })).toBeHidden();

    await openInsured(staff, name);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Change rights" }).click();
    const dialog = staff.getByRole("dialog", { name: "Change rights" });
    await dialog.getByRole("checkbox", { name: "View Policy Information" }).uncheck();
    await dialog.getByRole("checkbox", { name: "Certificates Sent" }).check();
    await dialog.getByRole("button", { name: "Save rights" }).click();
    await expect(dialog).toBeHidden();

    // Still signed in; the very next request is judged by the new rights.
    await places.getByRole("link", { name: "Policies" }).click();
    await expect(portal.getByRole("heading", { name: "This is not open to you" })).toBeVisible();
    await expect(places.getByRole("link", { name: "Policies" })).toBeHidden();
    await expect(places.getByRole("link", { name: "Certificates" })).toBeVisible();
  });

  test("A1.20 a suspended insured's next request on any page is refused with a clear message, and resuming gives it back", async ({
    staff,
    portal,
  }) => {
    await signIn(portal, PORTAL, { username: email, password: PASSWORD });
    await openInsured(staff, name);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Suspend access" }).click();
    const ask = staff.getByRole("dialog", { name: "Suspend access?" });
    await ask.getByRole("button", { name: "Suspend access" }).click();
    await expect(ask).toBeHidden();

    await portal
      .getByRole("navigation", { name: "Main" })
      .getByRole("link", { name: "Certificates" })
      .click();
    await expect(portal.getByRole("heading", { name: "Your access is paused" })).toBeVisible();
    await expect(portal.getByRole("alert")).toContainText("has paused this account");
    for (const path of ["/", "/certificates", "/policies", "/send", "/files"]) {
      await portal.goto(`${PORTAL}${path}`);
      await expect(portal.getByRole("heading", { name: "Your access is paused" })).toBeVisible();
      await expect(portal.getByRole("alert")).toContainText("has paused this account");
      await expect(portal.getByRole("navigation", { name: "Main" })).toBeHidden();
    }

    await openInsured(staff, name);
    await chooseAction(staff, "Update User");
    const resumes = staff.getByRole("button", { name: "Resume access" });
    await expect(resumes).toBeVisible();
    // No mail is offered whose link leads nowhere.
    await expect(staff.getByRole("button", { name: "Send password reset" })).toBeHidden();
    await expect(staff.getByRole("button", { name: "Send invitation again" })).toBeHidden();
    await resumes.click();
    const resume = staff.getByRole("dialog", { name: "Resume access?" });
    await resume.getByRole("button", { name: "Resume access" }).click();
    await expect(resume).toBeHidden();
    await signIn(portal, PORTAL, { username: email, password: PASSWORD });
    await expect(portal.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  test("A1.17 A1.19 a new username works at once, and a reset link ends the old password", async ({
    staff,
    portal,
  }) => {
    const renamed = `${word}@renamed.example.com`;
    await openInsured(staff, name);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Change username" }).click();
    const rename = staff.getByRole("dialog", { name: "Change username" });
    await rename.getByLabel("Username").fill(renamed);
    await rename.getByRole("button", { name: "Change username" }).click();
    await expect(rename).toBeHidden();
    await signIn(portal, PORTAL, { username: renamed, password: PASSWORD });

    const before = (await mailsTo(email)).length;
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Send password reset" }).click();
    const reset = staff.getByRole("dialog", { name: "Send a password reset?" });
    await reset.getByRole("button", { name: "Send reset" }).click();
    await expect(reset).toBeHidden();
    await portal.goto(linkIn(await mailTo(email, before + 1)));
    await portal.getByLabel("New password").fill(`${PASSWORD} again`);
    await portal.getByRole("button", { name: "Save password" }).click();
    await portal.getByRole("link", { name: "Sign in" }).click();
    await signIn(portal, PORTAL, { username: renamed, password: `${PASSWORD} again` });
  });

  test("A1.21 a revoked account is refused like an unknown one", async ({ staff, portal }) => {
    const renamed = `${word}@renamed.example.com`;
    await openInsured(staff, name);
    await chooseAction(staff, "Update User");
    await staff.getByRole("button", { name: "Revoke access" }).click();
    const revoke = staff.getByRole("dialog", { name: "Revoke access for good?" });
    await revoke.getByLabel(`Type “${renamed}” to confirm`).fill(renamed);
    await revoke.getByRole("button", { name: "Revoke access" }).click();
    await expect(revoke).toBeHidden();

    await portal.goto(`${PORTAL}/`);
    await portal.goto(`${PORTAL}/summit-ridge/sign-in`);
    await portal.getByLabel("Username").fill(renamed);
    await portal.getByLabel("Password", { exact: true }).fill(`${PASSWORD} again`);
    await portal.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(portal.getByRole("alert")).toContainText("is not right");
  });

  test("A1.16 the Portal tab and the Activity History tell the same story", async ({ staff }) => {
    await openInsured(staff, name);
    await openTab(staff, "Portal");
    await expect(staff.getByText("Revoked").first()).toBeVisible();
    await openTab(staff, "Activity History");
    const history = staff.getByRole("main");
    for (const word of [/account|invit/i, /right/i, /suspend/i, /resum/i, /revok/i]) {
      await expect(history.getByText(word).first()).toBeVisible();
    }
    await expect(history.getByText("Avery Collins").first()).toBeVisible();
  });
});

test("A1.05 an insured without an email is refused with the reason and the way to mend it", async ({
  staff,
}) => {
  const name = `${capitalized(unique())} Masonry LLC`;
  await createInsured(staff, name, null);
  await chooseAction(staff, "Create User Account");
  const dialog = staff.getByRole("dialog", { name: "Create User Account" });
  await expect(dialog.getByRole("alert")).toContainText(`${name} has no email address`);
  await expect(dialog.getByRole("button", { name: "Save and send invitation" })).toBeDisabled();
  await dialog.getByRole("link", { name: "Edit insured" }).click();
  await staff.getByLabel("Email", { exact: true }).fill(`office@${unique()}.example.com`);
  await staff.getByRole("button", { name: "Save changes" }).click();
  await chooseAction(staff, "Create User Account");
  await expect(
    staff.getByRole("dialog", { name: "Create User Account" }).getByRole("definition"),
  ).toHaveText(/^office@/);
});
