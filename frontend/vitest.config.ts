import { defineConfig } from "vitest/config";

/* Vitest is for pure functions and the drift test; behavior is tested in the browser. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "api", root: "packages/api", environment: "node" } },
      { test: { name: "ui", root: "packages/ui", environment: "node" } },
      { test: { name: "staff", root: "apps/staff", environment: "node" } },
      { test: { name: "lint", root: "lint", environment: "node" } },
      { test: { name: "portal", root: "apps/portal", environment: "node" } },
    ],
    passWithNoTests: true,
  },
});
