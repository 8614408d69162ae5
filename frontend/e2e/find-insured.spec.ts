import { expect } from "@playwright/test";
import { clientOf, data } from "./support/client";
import { goTo, openInsured } from "./support/staff";
import { AT_A_DESK, test } from "./support/stories";
import { DEMO_INSURED } from "./support/surroundings";

test.describe("Staff find an insured", () => {
  test("A1.02 through the Insureds menu, with search, sort and paging", async ({ staff }) => {
    await goTo(staff, "Insureds");
    const table = staff.getByRole("table", { name: "Insureds" });
    const names = table.getByRole("row").getByRole("link");
    await expect(names.first()).toBeVisible();
    const shown = await names.count();

    // The list goes on where its first page ended.
    await expect(staff.getByText(`${shown} shown, more to come`)).toBeVisible();
    await staff.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => names.count()).toBeGreaterThan(shown);

    // Sorted by its head, or above the cards of a phone. What is chosen stands in the address.
    const first = await names.first().innerText();
    const head = table.getByRole("button", { name: /^Name/ });
    if (await head.isVisible()) {
      await head.click();
    } else {
      await staff.getByRole("combobox", { name: "Sort by" }).selectOption("Name, descending");
    }
    await expect(staff).toHaveURL(/sort=-name/);
    await expect(names.first()).not.toHaveText(first);
    const sorted = await names.allInnerTexts();
    const letters = sorted.map((name) => name.charAt(0).toLocaleLowerCase());
    expect(letters).toEqual(letters.toSorted().toReversed());

    await staff.getByRole("searchbox", { name: "Search insureds" }).fill("alder creek");
    await expect(names).toHaveText([DEMO_INSURED]);
    await expect(staff).toHaveURL(/q=alder/);
    await names.first().click();
    await expect(staff.getByRole("heading", { level: 1, name: DEMO_INSURED })).toBeVisible();

    await staff.goBack();
    await expect(names).toHaveText([DEMO_INSURED]);
    await staff.getByRole("searchbox", { name: "Search insureds" }).fill("nobody of this name");
    await expect(staff.getByText("No insured matches")).toBeVisible();
    await staff.getByRole("button", { name: "Clear filters" }).first().click();
    await expect(names.first()).toBeVisible();
  });

  test("A2.05 through the palette: by name, policy number, certificate number and email", async ({
    staff,
  }) => {
    await openInsured(staff, DEMO_INSURED);
    const profile = staff.url();
    const id = new URL(profile).pathname.split("/")[2] ?? "";
    const client = clientOf(staff);
    const params = { params: { path: { insured: id } } };
    const insured = data(await client.GET("/v1/insureds/{insured}", params));
    const policies = data(await client.GET("/v1/insureds/{insured}/policies", params));
    const sent = data(await client.GET("/v1/insureds/{insured}/certificates", params));
    const number = policies.data[0]?.number ?? "";
    const certificate = sent.data[0]?.number ?? "";

    for (const [asked, kind] of [
      ["alder creek roofing", "insured"],
      [insured.email ?? "", "insured"],
      [number, "policy"],
      [certificate, "certificate"],
    ] as const) {
      await staff.goto(`${new URL(profile).origin}/`);
      await expect(staff.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
      await staff.keyboard.press("ControlOrMeta+K");
      const palette = staff.getByRole("dialog", { name: "Search" });
      await palette.getByRole("combobox", { name: "Search" }).fill(asked);
      const hit = palette.getByRole("option").filter({
        hasText: kind === "policy" ? number : kind === "certificate" ? certificate : DEMO_INSURED,
      });
      await expect(hit.first()).toBeVisible();
      await hit.first().click();
      await expect(palette).toBeHidden();
      if (kind === "certificate") {
        await staff.getByRole("link", { name: DEMO_INSURED }).first().click();
      }
      await expect(staff).toHaveURL(new RegExp(`/insureds/${id}`));
      await expect(staff.getByRole("heading", { level: 1, name: DEMO_INSURED })).toBeVisible();
    }
  });

  test(
    "A2.05 the visible field opens the same palette, and Escape gives the focus back",
    AT_A_DESK,
    async ({ staff }) => {
      const field = staff.getByRole("button", {
        name: "Search insureds, policies, certificates",
        exact: true,
      });
      await field.click();
      const palette = staff.getByRole("dialog", { name: "Search" });
      await expect(palette.getByRole("combobox", { name: "Search" })).toBeFocused();
      await staff.keyboard.press("Escape");
      await expect(palette).toBeHidden();
      await expect(field).toBeFocused();
    },
  );
});
