import type { ProblemError } from "./problem";

/**
 * Whether the server itself refused and nothing came of the request. A gateway's answer, a fault of
 * the server and `request_in_flight` all leave open what happened.
 */
function refused({ slug, status }: ProblemError): boolean {
  if (slug === "request_in_flight" || slug === "unanswered" || slug === "unreadable") return false;
  return status >= 400 && status < 500;
}

/**
 * One act of a person, which must happen once even when the person has to press the button again
 * because no answer came. While the outcome is unknown, the same body keeps the same key; another
 * body, a success or a refusal begins a new act.
 */
export class Intent {
  #key: string | null = null;
  #body = "";

  key(body: unknown): string {
    const written = JSON.stringify(body);
    if (this.#key === null || written !== this.#body) this.#key = crypto.randomUUID();
    this.#body = written;
    return this.#key;
  }

  /** It was done, or it failed with this; where that settles it, whatever comes next is a new act. */
  settle(trouble: ProblemError | null = null): void {
    if (trouble === null || refused(trouble)) this.#key = null;
  }
}
