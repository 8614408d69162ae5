import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";

type PolicyRecord = components["schemas"]["PolicyRecord"];

/** The policy as it is on file now. */
export async function readAnew({ id }: Pick<PolicyRecord, "id">): Promise<PolicyRecord> {
  const { data } = await client.GET("/v1/policies/{policy}", { params: { path: { policy: id } } });
  if (data === undefined) throw new Error("the server answered without a policy");
  return data;
}

/**
 * Does what takes nothing away from others. Where somebody else saved the policy first, it is read anew and
 * the same is done to what it says now, once; a second refusal is told. Not where what they saved is about
 * the very same thing: then nothing is done, and `false` comes back for the person to decide.
 */
export async function onceMore<R extends { readonly version: number }>(
  act: (version: number) => Promise<unknown>,
  version: number,
  read: () => Promise<R>,
  isAboutTheSame: (newest: R) => boolean,
): Promise<boolean> {
  try {
    await act(version);
  } catch (thrown) {
    const refusal = problemOf(thrown);
    if (refusal.slug !== "stale_version") throw refusal;
    const newest = await read();
    if (isAboutTheSame(newest)) return false;
    await act(newest.version);
  }
  return true;
}
