import { describe, expect, test } from "vitest";
import {
  fieldErrors,
  fieldOf,
  isProblem,
  noAnswer,
  problemOf,
  ProblemError,
  readProblem,
  shareOut,
} from "./problem";

function answer(body: string, status: number) {
  return new Response(body, { status, headers: { "content-type": "application/problem+json" } });
}

const refused = JSON.stringify({
  type: "validation",
  title: "Some fields are not right",
  status: 422,
  detail: "Two fields need another look.",
  instance: "urn:uuid:0190a5a0-0000-7000-8000-000000000001",
  errors: [
    { pointer: "/holder/new/name", code: "required", detail: "Enter the holder's name." },
    { pointer: "/holder/new/name", code: "too_short", detail: "Too short." },
    { pointer: "/recipients/to/0", code: "email", detail: "Not an email address." },
  ],
});

describe("problem", () => {
  test("a pointer names a form field", () => {
    expect(fieldOf("/holder/new/name")).toBe("holder.new.name");
    expect(fieldOf("/a~1b/c~0d")).toBe("a/b.c~d");
    expect(fieldOf("")).toBe("");
  });

  test("a problem document is read with its request id and fields", async () => {
    const problem = await readProblem(answer(refused, 422));
    expect(problem.slug).toBe("validation");
    expect(problem.requestId).toBe("0190a5a0-0000-7000-8000-000000000001");
    expect(fieldErrors(problem)).toEqual({
      "holder.new.name": "Enter the holder's name.",
      "recipients.to.0": "Not an email address.",
    });
  });

  test("an error without a field of its own is kept", async () => {
    const problem = await readProblem(answer(refused, 422));
    const { beside, homeless } = shareOut(problem, (field) => field.startsWith("holder."));
    expect(Object.keys(beside)).toEqual(["holder.new.name"]);
    expect(homeless.map((each) => each.pointer)).toEqual(["/recipients/to/0"]);
  });

  test("an answer that is no problem document is said to be unreadable", async () => {
    const problem = await readProblem(answer("<html>bad gateway</html>", 502));
    expect(problem.slug).toBe("unreadable");
    expect(problem.status).toBe(502);
    expect(problem.requestId).toBeNull();
  });

  test("of a change without an answer nobody knows whether it happened", async () => {
    const gateway = () => answer("<html>gateway timeout</html>", 504);
    expect((await readProblem(gateway(), "POST")).slug).toBe("unanswered");
    expect((await readProblem(gateway(), "GET")).slug).toBe("unreadable");
    expect(noAnswer("PUT", null).slug).toBe("unanswered");
    expect(noAnswer("GET", null).slug).toBe("unreachable");
  });

  test("an exception of the page itself is a problem too", () => {
    const problem = problemOf(new TypeError("x is undefined"));
    expect(problem).toBeInstanceOf(ProblemError);
    expect(isProblem(problem, "broken_page")).toBe(true);
  });
});
