import type { paths } from "@countersign/api/schema";
import type { Page } from "@playwright/test";
import createClient, { type Client } from "openapi-fetch";

/**
 * The typed client of the apps, running inside a page: with the cookies of whoever is signed in
 * there, and through the same doors. For what a story needs and does not tell of.
 */
export function clientOf(page: Page): Client<paths> {
  return createClient<paths>({
    baseUrl: new URL(page.url()).origin,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = request.method === "GET" ? null : await request.text();
      const headers = {
        ...Object.fromEntries(request.headers),
        "x-countersign": "1",
        ...(request.method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
      };
      const reply = await page.evaluate(
        async (call) => {
          const response = await fetch(call.path, {
            method: call.method,
            headers: call.headers,
            ...(call.body === null ? {} : { body: call.body }),
          });
          return {
            status: response.status,
            type: response.headers.get("content-type") ?? "",
            bytes: [...new Uint8Array(await response.arrayBuffer())],
          };
        },
        { path: pathname + search, method: request.method, headers, body },
      );
      const empty = reply.status === 204 || reply.bytes.length === 0;
      return new Response(empty ? null : Uint8Array.from(reply.bytes), {
        status: reply.status,
        headers: { "content-type": reply.type, "content-length": String(reply.bytes.length) },
      });
    },
  });
}

/** The body of an answer that must have succeeded. */
export function data<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) {
    throw new Error(`the server refused: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}
