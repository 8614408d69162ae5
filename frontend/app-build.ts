import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Plugin, UserConfig } from "vite";

const require = createRequire(import.meta.url);

/*
 * A PDF may name one of the fourteen standard fonts without carrying it. pdf.js ships faces for
 * them; they are served from our own origin like everything else.
 */
function pdfFonts(): Plugin {
  const folder = path.join(
    path.dirname(require.resolve("pdfjs-dist/package.json")),
    "standard_fonts",
  );
  return {
    name: "countersign-pdf-fonts",
    configureServer(server) {
      server.middlewares.use("/pdf-fonts", (request, response, next) => {
        const name = path.basename(request.url ?? "");
        if (!readdirSync(folder).includes(name)) next();
        else response.end(readFileSync(path.join(folder, name)));
      });
    },
    generateBundle() {
      for (const name of readdirSync(folder)) {
        this.emitFile({
          type: "asset",
          fileName: `pdf-fonts/${name}`,
          source: readFileSync(path.join(folder, name)),
        });
      }
    },
  };
}

/**
 * How both apps are built. The content security policy of the server allows scripts, fonts and
 * images from its own origin only, so nothing is inlined and no data: address is produced. Styles
 * that are made while the app runs bear the nonce of their page: whoever serves the page puts it in
 * the place of CSP_NONCE.
 */
export function appBuild(app: { folder: string; host: string; port: number }): UserConfig {
  const server = process.env["COUNTERSIGN_DEV_SERVER"] ?? `http://${app.host}:8080`;
  return {
    root: app.folder,
    publicDir: path.join(import.meta.dirname, "packages/ui/public"),
    plugins: [
      tanstackRouter({
        target: "react",
        autoCodeSplitting: true,
        routesDirectory: path.join(app.folder, "src/routes"),
        generatedRouteTree: path.join(app.folder, "src/routeTree.gen.ts"),
        routeFileIgnorePattern: ".module.css",
        quoteStyle: "double",
        semicolons: true,
      }),
      react(),
      pdfFonts(),
    ],
    html: { cspNonce: "CSP_NONCE" },
    build: {
      target: "baseline-widely-available",
      assetsInlineLimit: 0,
      sourcemap: false,
      chunkSizeWarningLimit: 700,
    },
    server: {
      host: app.host,
      port: app.port,
      strictPort: true,
      proxy: {
        "/v1": { target: server, changeOrigin: true, headers: { origin: server } },
      },
    },
  };
}
