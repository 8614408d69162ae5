import { expect } from "@playwright/test";
import { clientOf, data } from "./support/client";
import { test } from "./support/stories";
import { DEMO_INSURED, STAFF } from "./support/surroundings";

test("pictures", async ({ staff }) => {
  test.setTimeout(300_000);
  const client = clientOf(staff);
  const insureds = data(await client.GET("/v1/insureds", { params: { query: { q: DEMO_INSURED } } }));
  const insured = insureds.data[0]?.id ?? "";
  const list = data(await client.GET("/v1/insureds/{insured}/policies", { params: { path: { insured } } }));
  const policy = list.data.find((each) => each.state === "in_force" && each.line === "general_liability")?.id ?? "";
  const base = `${STAFF}/insureds/${insured}/policies`;
  for (const scheme of ["light", "dark"] as const) {
    await staff.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const width of [1440, 390]) {
      await staff.setViewportSize({ width, height: 900 });
      for (const [name, path] of [["list", ""], ["page", `/${policy}`], ["edit", `/${policy}/edit`], ["renew", `/${policy}/renew`]] as const) {
        await staff.goto(`${base}${path}`);
        await expect(staff.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(staff.locator('[aria-busy="true"]')).toHaveCount(0);
        await staff.screenshot({ path: `/tmp/s3b-${name}-${width}-${scheme}.png`, fullPage: true });
      }
      await staff.goto(`${base}/${policy}`);
      await staff.getByRole("button", { name: "Add endorsement" }).click();
      await expect(staff.getByRole("dialog")).toBeVisible();
      await staff.screenshot({ path: `/tmp/s3b-endorse-${width}-${scheme}.png` });
    }
  }
});
