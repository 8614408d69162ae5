import createClient, { type Middleware } from "openapi-fetch";
import { serverNow, setServerClock } from "./clock";
import { noAnswer, type ProblemError, readProblem } from "./problem";
import type { paths } from "./schema";

type Listener<T> = (value: T) => void;

const signedOut = new Set<Listener<ProblemError>>();
const answered = new Set<Listener<number>>();

function subscribe<T>(listeners: Set<Listener<T>>, listener: Listener<T>): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Called when the server no longer accepts the session: it ended, or the account is suspended. */
export function whenSignedOut(listener: Listener<ProblemError>): () => void {
  return subscribe(signedOut, listener);
}

/** Called with the server's time of each answer that the session earned; it moves the idle end. */
export function whenAnswered(listener: Listener<number>): () => void {
  return subscribe(answered, listener);
}

const ENDS_THE_SESSION = new Set(["session_required", "account_suspended"]);

const countersign: Middleware = {
  onRequest({ request }) {
    // A header that only our own pages can set: a cross-site call with it needs a preflight.
    request.headers.set("X-Countersign", "1");
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
  async onResponse({ request, response, schemaPath }) {
    setServerClock(response.headers.get("date"));
    if (response.ok) {
      for (const listener of answered) listener(serverNow());
      return response;
    }
    const problem = await readProblem(response, request.method);
    // Who signs out knows that the session ends.
    const signingOut = request.method === "DELETE" && schemaPath === "/v1/session";
    if (ENDS_THE_SESSION.has(problem.slug) && !signingOut) {
      for (const listener of signedOut) listener(problem);
    }
    throw problem;
  },
  onError({ request, error }) {
    // A request that the page itself took back is not a failure to reach the server.
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return noAnswer(request.method, error);
  },
};

/** The one client. Cookies are same-origin; every refusal is thrown as a `ProblemError`. */
export const client = createClient<paths>({ baseUrl: "" });
client.use(countersign);

/** The precondition of a change: the version that the person saw. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
