import { isProblem } from "@countersign/api/problem";
import { type CurrentSession, sessionQuery } from "@countersign/api/session";
import { type QueryClient, useSuspenseQuery } from "@tanstack/react-query";

/** How old the known session may get before a navigation asks again: granted rights show soon. */
const FRESH = 15_000;

export type Standing = CurrentSession | "nobody" | "suspended";

/** Who is signed in, as the server knows it. */
export async function standing(cache: QueryClient): Promise<Standing> {
  const known = cache.getQueryData<CurrentSession>(sessionQuery.queryKey);
  if (known !== undefined) {
    // The answer may end the session; whoever listens for that is told by the client.
    void cache.query({ ...sessionQuery, staleTime: FRESH }).catch(() => undefined);
    return known;
  }
  try {
    return await cache.query(sessionQuery);
  } catch (error) {
    if (isProblem(error, "session_required")) return "nobody";
    if (isProblem(error, "account_suspended")) return "suspended";
    throw error;
  }
}

/** Only below the guard of `_signed-in`, where there is always somebody. */
export function useSession(): CurrentSession {
  return useSuspenseQuery(sessionQuery).data;
}

export function insuredOf(session: CurrentSession): { id: string; name: string } {
  if (!session.insured) throw new Error("a session of the portal belongs to an insured");
  return session.insured;
}

/** Whose portal this is. */
export function useInsured(): { id: string; name: string } {
  return insuredOf(useSession());
}

export interface Access {
  readonly policies: boolean;
  readonly send: boolean;
  readonly certificates: boolean;
}

/** What the agency opened, by the rights of the session; the server decides, this only draws. */
export function accessOf(session: Pick<CurrentSession, "may">): Access {
  const may = (right: string) => session.may.includes(right);
  return {
    policies: may("view_policy_information"),
    send: may("send_certificates"),
    certificates: may("certificates_sent") || may("send_certificates"),
  };
}

export function useAccess(): Access {
  return accessOf(useSession());
}
