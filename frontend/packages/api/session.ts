import type { QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { client, whenAnswered } from "./client";
import { serverNow } from "./clock";
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

/** Ends the session on the server; one that the server already forgot is as good. */
export async function signOut(): Promise<void> {
  try {
    await client.DELETE("/v1/session");
  } catch (error) {
    if (!isProblem(error, "session_required", "account_suspended")) throw error;
  }
}

/** Drops what the server said to somebody who is signed in; what it says to anybody stays. */
export function forgetSession(cache: QueryClient): void {
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[1] !== "/v1/agencies/{agency}" });
}

/** What is needed of an app's router. */
export interface Rendering {
  subscribe(event: "onRendered", listener: () => void): () => void;
}

/**
 * The way out of the frame of a signed-in person. It is gone once, however many requests find at the
 * same time that the session is over, and only when the frame is off the screen is the session
 * forgotten: what the frame shows must not be asked for again.
 */
export function useLeave(cache: QueryClient, router: Rendering): (go: () => unknown) => void {
  const leaving = useRef(false);
  return useCallback(
    (go) => {
      if (leaving.current) return;
      leaving.current = true;
      const stop = router.subscribe("onRendered", () => {
        stop();
        forgetSession(cache);
      });
      go();
    },
    [cache, router],
  );
}

/** The server notes at most once a minute that a session was used. */
const NOTED_WITHIN = 60_000;

/**
 * When the session ends if nothing more is asked of the server, never later than the server thinks.
 * All times are the server's.
 */
export function idleEnd(session: CurrentSession, loadedAt: number, lastAnswerAt: number): number {
  const told = Date.parse(session.idle_expires_at);
  const moved = lastAnswerAt + (told - loadedAt) - NOTED_WITHIN;
  return Math.min(Math.max(told, moved), Date.parse(session.expires_at));
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
    const loadedAt = serverNow();
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
      const rest = idleEnd(session, loadedAt, lastAnswerAt) - serverNow();
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
