import { QueryClient } from "@tanstack/react-query";
import createQueryClient from "openapi-react-query";
import { client } from "./client";
import { ProblemError } from "./problem";
import type { paths } from "./schema";

/** Typed hooks and options over the client: `api.useQuery("get", "/v1/insureds", …)`. */
export const api = createQueryClient(client);

/** Only what may pass by itself is tried again; a refusal is an answer. */
function worthAnotherTry(failures: number, error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  return failures < 2 && (error.status === 0 || error.status === 502 || error.status === 503);
}

export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: worthAnotherTry, staleTime: 15_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([each]) => each === name)?.[1];
}

/** Whether a cached answer lies under `path` with these path parameters. */
export function liesUnder(
  key: readonly unknown[],
  path: string,
  params: Record<string, string>,
): boolean {
  const [, keyPath, init] = key;
  if (typeof keyPath !== "string") return false;
  if (keyPath !== path && !keyPath.startsWith(`${path}/`)) return false;
  const given = property(property(init, "params"), "path");
  return Object.entries(params).every(([name, value]) => property(given, name) === value);
}

/** Marks everything below a path as out of date; what is on the screen is read again. */
export function invalidate(
  cache: QueryClient,
  path: keyof paths,
  params: Record<string, string> = {},
): Promise<void> {
  return cache.invalidateQueries({
    predicate: ({ queryKey }) => liesUnder(queryKey, path, params),
  });
}

/** How a list continues: by the key that the last page ends with, until there is none. */
export const byCursor = {
  initialPageParam: null,
  getNextPageParam: (last: { page: { next_cursor?: string | null } }) =>
    last.page.next_cursor ?? undefined,
};
