import { defineConfig } from "vite";
import { appBuild } from "../../app-build.ts";

export default defineConfig(
  appBuild({ folder: import.meta.dirname, host: "portal.localhost", port: 5174 }),
);
