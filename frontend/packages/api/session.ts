import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, whenAnswered } from "./client";
import { isProblem } from "./problem";
import { api } from "./query";
import type { components } from "./schema";

export type CurrentSession = components["schemas"]["CurrentSession"];
export type App = CurrentSession["app"];

export const sessionQuery = api.queryOptions("get", "/v1/session", undefined, {
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** The session as the server knows it; null when there is none. */
export async function findSession(cache: QueryClient): Promise<CurrentSession | null> {
  try {
    return await cache.query({ ...sessionQuery, staleTime: "static" });
  } catch (error) {
    if (isProblem(error, "session_required", "account_suspended")) return null;
    throw error;
  }
}

export async function signIn(
  cache: QueryClient,
  body: components["schemas"]["SignInBody"],
): Promise<CurrentSession> {
  const { data } = await client.POST("/v1/session", { body });
  if (data === undefined) throw new Error("the server answered a sign-in without a session");
  cache.clear();
  cache.setQueryData(sessionQuery.queryKey, data);
  return data;
}

/** Ends the session here and on the server; nothing that it could see stays in memory. */
export async function signOut(cache: QueryClient): Promise<void> {
  await client.DELETE("/v1/session");
  cache.clear();
}

/** When the session ends if nothing more is asked of the server. */
export function idleEnd(session: CurrentSession, loadedAt: number, lastAnswerAt: number): number {
  const span = Date.parse(session.idle_expires_at) - loadedAt;
  return Math.min(Math.max(loadedAt, lastAnswerAt) + span, Date.parse(session.expires_at));
}

export interface SessionEnd {
  /** Milliseconds until the session ends; null while that is further away than the warning. */
  readonly left: number | null;
}

const WARNING = 2 * 60_000;
const CHANNEL = "countersign-session";

/**
 * Watches how long the session still lasts. Work in another tab of the same browser counts: the
 * tabs tell each other when the server last answered.
 */
export function useSessionEnd(session: CurrentSession): SessionEnd {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    const loadedAt = Date.now();
    let lastAnswerAt = loadedAt;
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "number") lastAnswerAt = Math.max(lastAnswerAt, data);
    };
    const forget = whenAnswered((at) => {
      lastAnswerAt = Math.max(lastAnswerAt, at);
      channel.postMessage(at);
    });
    const timer = setInterval(() => {
      const rest = idleEnd(session, loadedAt, lastAnswerAt) - Date.now();
      setLeft(rest > WARNING ? null : Math.max(0, rest));
    }, 1_000);
    return () => {
      clearInterval(timer);
      forget();
      channel.close();
    };
  }, [session]);
  return { left };
}
