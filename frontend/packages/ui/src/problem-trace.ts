/**
 * The id under which the server remembers a request, where it helps: when the server itself failed. A
 * refusal says what to mend, and an id beside it only looks as if something had broken.
 */
export function traceOf(problem: {
  readonly requestId: string | null;
  readonly status?: number;
}): string | null {
  return problem.status === undefined || problem.status >= 500 ? problem.requestId : null;
}
