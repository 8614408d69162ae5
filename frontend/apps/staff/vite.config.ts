import { defineConfig } from "vite";
import { appBuild } from "../../app-build.ts";

export default defineConfig(
  appBuild({ folder: import.meta.dirname, host: "staff.localhost", port: 5173 }),
);
