import { type NavigateOptions, useRouter } from "@tanstack/react-router";

/** Leaves a form: to where the person came from for its sake, or else to where it belongs. */
export function useWayBack(
  back: string | undefined,
  home: NavigateOptions,
): (saved: boolean) => Promise<void> {
  const router = useRouter();
  return async (saved) => {
    // What is saved cannot be lost any more.
    if (back !== undefined) router.history.push(back, undefined, { ignoreBlocker: saved });
    else await router.navigate({ ...home, ignoreBlocker: saved });
  };
}
