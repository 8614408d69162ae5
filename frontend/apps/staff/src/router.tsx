import { createRouter } from "@tanstack/react-router";
import { cache } from "./cache";
import { routeTree } from "./routeTree.gen";

export const router = createRouter({
  routeTree,
  context: { cache },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
