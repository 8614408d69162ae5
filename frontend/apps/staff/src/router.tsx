import { createRouter } from "@tanstack/react-router";
import { cache } from "./cache";
import { Failed } from "./shell/Failed";
import { Nothing } from "./shell/Nothing";
import { Waiting } from "./shell/Waiting";
import { routeTree } from "./routeTree.gen";

export const router = createRouter({
  routeTree,
  context: { cache },
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: Nothing,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 200,
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
  // What no route knows, or knows as nonsense, is taken out of the address.
  search: { strict: true },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
