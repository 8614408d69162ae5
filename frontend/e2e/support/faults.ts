import type { components } from "@countersign/api/schema";
import { expect, type Page, type Request, type Route } from "@playwright/test";

type Slug = components["schemas"]["ProblemType"];

/** What can come in place of an answer: a refusal, a gateway that gave up, or nothing at all. */
export type Fault = readonly [status: number, slug: Slug] | "gateway" | "offline";

export function fail(route: Route, fault: Fault): Promise<void> {
  if (fault === "offline") return route.abort("internetdisconnected");
  if (fault === "gateway") {
    return route.fulfill({ status: 504, contentType: "text/html", body: "<h1>Gateway</h1>" });
  }
  const [status, type] = fault;
  return route.fulfill({
    status,
    contentType: "application/problem+json",
    body: JSON.stringify({
      type,
      title: `Refused as ${type}`,
      status,
      detail: "For the sake of the story.",
      instance: "urn:uuid:0190a5a0-0000-7000-8000-000000000001",
      errors: type === "validation" ? [{ pointer: "/nowhere", code: "x", detail: "is odd" }] : [],
    }),
  });
}

/** Requests of the API, not of the page itself. */
export function isCall(method: string, path: RegExp): (request: Request) => boolean {
  return (request) => request.method() === method && path.test(new URL(request.url()).pathname);
}

/** Lets every matching request fail until `mend` is called; collects those that came. */
export async function faulty(
  page: Page,
  matches: (request: Request) => boolean,
  fault: Fault,
): Promise<{ came: Request[]; mend: () => Promise<void> }> {
  const came: Request[] = [];
  const handle = async (route: Route) => {
    if (!matches(route.request())) return route.fallback();
    came.push(route.request());
    return fail(route, fault);
  };
  await page.route("**/v1/**", handle);
  return { came, mend: () => page.unroute("**/v1/**", handle) };
}

/** Keeps the answers to every matching request back until they are let through. */
export async function delayed(
  page: Page,
  matches: (request: Request) => boolean,
): Promise<{ letThrough: () => void }> {
  let letThrough = () => {};
  const opened = new Promise<void>((open) => (letThrough = open));
  await page.route("**/v1/**", async (route) => {
    if (matches(route.request())) await opened;
    return route.fallback();
  });
  return { letThrough };
}

/** Exceptions of the page's own code; what the network did is told by the page. */
export function exceptions(page: Page): string[] {
  const heard: string[] = [];
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("console", (message) => {
    const network = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !network) heard.push(message.text());
  });
  return heard;
}

/** The page says what went wrong: an alert that can be seen, and what to do. */
export async function expectTold(page: Page, what: string): Promise<void> {
  await expect(page.getByRole("alert").filter({ visible: true }).first(), what).toBeVisible();
}
