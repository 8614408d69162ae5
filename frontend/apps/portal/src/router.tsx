import { createRouter } from "@tanstack/react-router";
import { cache } from "./cache";
import { NotFound } from "./NotFound";
import { ProblemScreen } from "./ProblemScreen";
import { routeTree } from "./routeTree.gen";
import { WaitingScreen } from "./WaitingScreen";

export const router = createRouter({
  routeTree,
  context: { cache },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 200,
  defaultPendingComponent: WaitingScreen,
  defaultErrorComponent: ProblemScreen,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  // What no route knows, or knows as nonsense, is taken out of the address.
  search: { strict: true },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
