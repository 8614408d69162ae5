import { ProblemError } from "@countersign/api/problem";
import { expect, test } from "vitest";
import { onceMore } from "./once-more";

function refusal(slug: "stale_version" | "forbidden"): ProblemError {
  return new ProblemError(slug, { title: slug, status: 409, detail: "", instance: "" });
}

const onFile = (version: number) => () => Promise.resolve({ version });

test("what is refused because somebody saved first is done once more to what they saved", async () => {
  const tried: number[] = [];
  const done = await onceMore(
    (version) => {
      tried.push(version);
      return version < 4 ? Promise.reject(refusal("stale_version")) : Promise.resolve();
    },
    3,
    onFile(4),
    () => false,
  );
  expect(done).toBe(true);
  expect(tried).toEqual([3, 4]);
});

test("a second refusal is told, and any other one at once", async () => {
  for (const [slug, tries] of [
    ["stale_version", 2],
    ["forbidden", 1],
  ] as const) {
    const tried: number[] = [];
    const act = (version: number) => {
      tried.push(version);
      return Promise.reject(refusal(slug));
    };
    await expect(onceMore(act, 3, onFile(4), () => false)).rejects.toMatchObject({ slug });
    expect(tried).toHaveLength(tries);
  }
});

test("where what they saved is about the same thing nothing is done a second time", async () => {
  const tried: number[] = [];
  const act = (version: number) => {
    tried.push(version);
    return Promise.reject(refusal("stale_version"));
  };
  expect(await onceMore(act, 3, onFile(4), ({ version }) => version === 4)).toBe(false);
  expect(tried).toEqual([3]);
});
