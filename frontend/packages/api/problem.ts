import type { components } from "./schema";

/** The body of every answer that is not a success (RFC 9457). */
export type Problem = components["schemas"]["Problem"];
export type Finding = components["schemas"]["Finding"];
export type FieldProblem = NonNullable<Problem["errors"]>[number];

/** What the server can answer, and what can happen in place of its answer. */
export type ProblemSlug =
  Problem["type"] | "unreachable" | "unanswered" | "unreadable" | "broken_page";

/**
 * Every failed call is thrown as this one class, whether the server refused, could not be reached or
 * answered something that is no problem document.
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly slug: ProblemSlug;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The id under which the server logged the request; null when it never got there. */
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];
  readonly findings: readonly Finding[];
  readonly retryAfterSeconds: number | null;
  /** The certificate that took the place of the one in question. */
  readonly supersededBy: string | null;

  constructor(slug: ProblemSlug, problem: Omit<Problem, "type">, cause?: unknown) {
    super(problem.title, { cause });
    this.slug = slug;
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail ?? "";
    this.requestId = problem.instance === "" ? null : problem.instance.replace(/^urn:uuid:/, "");
    this.fields = problem.errors ?? [];
    this.findings = problem.findings ?? [];
    this.retryAfterSeconds = problem.retry_after_seconds ?? null;
    this.supersededBy = problem.superseded_by ?? null;
  }
}

function local(slug: ProblemSlug, status: number, cause?: unknown): ProblemError {
  return new ProblemError(slug, { title: slug, status, detail: "", instance: "" }, cause);
}

/**
 * The request got no answer: offline, refused connection, broken TLS. What only reads may be asked
 * again; of what changes something nobody here knows whether it happened.
 */
export function noAnswer(method: string, cause: unknown): ProblemError {
  return local(changes(method) ? "unanswered" : "unreachable", 0, cause);
}

function changes(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isProblemBody(value: unknown): value is Problem {
  return (
    isRecord(value) &&
    typeof value["type"] === "string" &&
    /^[a-z_]+$/.test(value["type"]) &&
    typeof value["title"] === "string" &&
    typeof value["status"] === "number" &&
    typeof value["instance"] === "string"
  );
}

/**
 * Reads the body of a refused request. One that is no problem document is not the server's own: it
 * becomes `unreadable`, or `unanswered` where a gateway gave up on a change that may have happened.
 */
export async function readProblem(response: Response, method = "GET"): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblemBody(body)) return new ProblemError(body.type, body);
  const open = changes(method) && response.status >= 500;
  return local(open ? "unanswered" : "unreadable", response.status);
}

/** Whatever was thrown, as a problem; an exception of our own code becomes `broken_page`. */
export function problemOf(error: unknown): ProblemError {
  return error instanceof ProblemError ? error : local("broken_page", 0, error);
}

export function isProblem(error: unknown, ...slugs: ProblemSlug[]): error is ProblemError {
  return error instanceof ProblemError && slugs.includes(error.slug);
}

/** `/holder/new/name` names the form field `holder.new.name` (RFC 6901 escapes undone). */
export function fieldOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

/** Field errors as a form takes them; the first sentence about a field wins. */
export function fieldErrors(problem: ProblemError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { pointer, detail } of problem.fields) {
    const field = fieldOf(pointer);
    errors[field] ??= detail;
  }
  return errors;
}

/**
 * Divides field errors into those that a form can show beside their field and those that it has no
 * field for, so that none is ever swallowed.
 */
export function shareOut(
  problem: ProblemError,
  shown: (field: string) => boolean,
): { beside: Record<string, string>; homeless: FieldProblem[] } {
  const beside: Record<string, string> = {};
  const homeless: FieldProblem[] = [];
  for (const each of problem.fields) {
    const field = fieldOf(each.pointer);
    if (shown(field)) beside[field] ??= each.detail;
    else homeless.push(each);
  }
  return { beside, homeless };
}
