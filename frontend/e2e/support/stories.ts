import {
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
  test as base,
} from "@playwright/test";
import { AGENCY, type Credentials, people, STAFF } from "./surroundings";

type Kept = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface Worker {
  /** The administrator's session, signed in once for all stories of a run. */
  readonly administrator: Kept;
}

interface Story {
  /** A page of the staff app with the administrator signed in. */
  readonly staff: Page;
  /** A page of the portal with nobody signed in. */
  readonly portal: Page;
  /** Another browser, with its own cookies. */
  readonly another: (options?: BrowserContextOptions) => Promise<Page>;
}

/**
 * A story that a narrow screen makes no other: it proves what the product does, or how a keyboard works it. It is told
 * once, in the wide window; every screen has another story that is told in both.
 */
export const AT_A_DESK = { tag: "@desk" };

/**
 * Fills the sign-in form that the page shows, and presses its button. The product takes one attempt at a time for a
 * name, and the stories of two workers share their people: whoever came second presses again when it is told to.
 */
export async function enter(page: Page, who: Credentials): Promise<void> {
  await page.getByLabel("Username").fill(who.username);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await expect(async () => {
    const answer = page.waitForResponse(
      (response) =>
        response.request().method() === "POST" && response.url().endsWith("/v1/session"),
    );
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    expect((await answer).status()).not.toBe(TOO_MANY_ATTEMPTS);
  }).toPass({ timeout: 60_000 });
}

const TOO_MANY_ATTEMPTS = 429;

export async function signIn(page: Page, origin: string, who: Credentials): Promise<void> {
  await page.goto(`${origin}/${AGENCY}/sign-in`);
  await enter(page, who);
  await expect(page).not.toHaveURL(/sign-in/, { timeout: 10_000 });
}

export const test = base.extend<Story, Worker>({
  administrator: [
    async ({ browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await signIn(page, STAFF, people.administrator());
      const kept = await context.storageState();
      await context.close();
      await use(kept);
    },
    { scope: "worker" },
  ],
  another: async ({ browser, contextOptions }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      opened.push(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
  staff: async ({ another, administrator }, use) => {
    const page = await another({ storageState: administrator });
    await page.goto(`${STAFF}/`);
    await use(page);
  },
  portal: async ({ another }, use) => {
    await use(await another());
  },
});
