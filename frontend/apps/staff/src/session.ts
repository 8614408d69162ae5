import { type CurrentSession, sessionQuery } from "@countersign/api/session";
import { useSuspenseQuery } from "@tanstack/react-query";

/** Who is signed in. Only below the guard of `_signed-in`, where there is always somebody. */
export function useSession(): CurrentSession {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether the person holds a permission, by its word; the server decides, this only draws. */
export function useMay(): (permission: string) => boolean {
  const { may } = useSession();
  return (permission) => may.includes(permission);
}
