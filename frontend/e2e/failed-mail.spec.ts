import { expect } from "@playwright/test";
import type { components } from "@countersign/api/schema";
import { isCall } from "./support/faults";
import { test } from "./support/stories";
import { STAFF } from "./support/surroundings";

type Failed = components["schemas"]["FailedJobPage"];

const REASON = "550 5.1.1 no such mailbox here";

const mail: Failed["data"][number] = {
  id: "0190a5a0-0000-7000-8000-00000000f411",
  kind: "deliver_certificate",
  summary: "Certificate 26-000431 to certificates@graniterow.example.com",
  failed_at: new Date(Date.now() - 3_600_000).toISOString(),
  attempts: 8,
  last_error: REASON,
};

// The relay of the stories takes every mail, so what was given up is told here in its place. That the server lists
// such mail and queues it again is proved by the tests of the API.
test("Mail that was given up is listed with its reason, and tried again at a press", async ({
  staff,
}) => {
  let waiting: Failed["data"] = [mail];
  const asked: string[] = [];
  await staff.route("**/v1/failed-jobs**", async (route) => {
    const request = route.request();
    if (isCall("GET", /\/v1\/failed-jobs$/)(request)) {
      const page: Failed = { data: waiting, page: { has_more: false } };
      return route.fulfill({ json: page });
    }
    if (isCall("POST", /\/retry$/)(request)) {
      asked.push(new URL(request.url()).pathname);
      waiting = [];
      return route.fulfill({ status: 204 });
    }
    return route.fallback();
  });
  await staff.goto(`${STAFF}/settings/mail`);
  const table = staff.getByRole("table", { name: "Failed mail" });
  const list = table.or(staff.getByRole("list", { name: "Failed mail" }));
  await expect(list).toContainText(mail.summary);
  await expect(list).toContainText(REASON);
  await staff.getByRole("button", { name: `Try again: ${mail.summary}` }).click();
  await expect(staff.getByText("The mail is queued again.")).toBeVisible();
  await expect(staff.getByText("No mail has failed")).toBeVisible();
  expect(asked).toEqual([`/v1/failed-jobs/${mail.id}/retry`]);
});
