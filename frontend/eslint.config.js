import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import path from "node:path";
import tseslint from "typescript-eslint";
import { noLiterals } from "./lint/no-literals.js";

const root = import.meta.dirname;

/*
 * Where a file stands. Imports point one way:
 *   apps -> packages      and inside an app      routes -> features, shell -> ground -> packages
 * A feature never imports another feature, and `ui` never imports `api`: presentation knows no data.
 */
function place(absolute) {
  const parts = path.relative(root, absolute).split(path.sep);
  if (parts[0] === "packages") return { zone: parts[1] };
  if (parts[0] !== "apps") return { zone: "tools" };
  const [, app, source, folder, name] = parts;
  if (source !== "src") return { zone: "tools" };
  if (folder === "features") return { zone: "feature", app, feature: name };
  if (folder === "routes" || folder === "shell") return { zone: folder, app };
  if (/^(main|router|routeTree\.gen)(\.tsx?)?$/.test(folder)) return { zone: "mount", app };
  return { zone: "ground", app };
}

const may = {
  api: ["api"],
  ui: ["ui"],
  ground: ["ground", "api", "ui"],
  feature: ["feature", "ground", "api", "ui"],
  shell: ["shell", "ground", "api", "ui"],
  routes: ["routes", "feature", "shell", "ground", "api", "ui"],
  mount: ["mount", "routes", "shell", "ground", "api", "ui"],
  tools: ["tools", "api", "ui"],
};

function target(specifier, from) {
  if (specifier.startsWith(".")) return place(path.resolve(path.dirname(from), specifier));
  const workspace = /^@countersign\/(api|ui)(\/|$)/.exec(specifier);
  if (workspace) return { zone: workspace[1] };
  return null;
}

const zones = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const here = place(context.filename);
    function look(node) {
      if (!node.source || typeof node.source.value !== "string") return;
      const there = target(node.source.value, context.filename);
      if (there === null) return;
      const report = (message) => context.report({ node: node.source, message });
      if (!may[here.zone].includes(there.zone)) {
        report(`A file of "${here.zone}" may not import from "${there.zone}".`);
      } else if (here.app !== undefined && there.app !== undefined && here.app !== there.app) {
        report("An app may not import from another app.");
      } else if (
        here.zone === "feature" &&
        there.zone === "feature" &&
        here.feature !== there.feature
      ) {
        report(`The feature "${here.feature}" may not import the feature "${there.feature}".`);
      }
    }
    return { ImportDeclaration: look, ImportExpression: look };
  },
};

const countersign = { rules: { zones, "no-literals": noLiterals } };

const noBarrels = ["ExportAllDeclaration", "ExportNamedDeclaration[source]"].map((selector) => ({
  selector,
  message: "No barrels: import from the file itself.",
}));
const namedOnly = { selector: "ExportDefaultDeclaration", message: "Named exports only." };

export default tseslint.config(
  { ignores: ["**/dist", "**/schema.d.ts", "**/routeTree.gen.ts", "test-results", "**/.vite"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "lint/*.js", "packages/ui/public/*.js"] },
        tsconfigRootDir: root,
      },
    },
  },
  {
    files: ["**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { countersign },
    rules: {
      "countersign/zones": "error",
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/only-throw-error": [
        "error",
        { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }] },
      ],
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
      "no-restricted-syntax": ["error", ...noBarrels, namedOnly],
      "no-console": "error",
    },
  },
  {
    // What a tool loads is found by its default export.
    files: ["**/*.config.ts"],
    rules: { "no-restricted-syntax": ["error", ...noBarrels] },
  },
  {
    files: ["packages/ui/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@tanstack/react-query", "@tanstack/react-router", "openapi-*"],
              message: "Presentation knows no data and no addresses.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.tsx"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: { globals: globals.browser },
    plugins: { countersign },
    rules: {
      "countersign/no-literals": "error",
      // A page with one task begins in its first field; of DOM elements it stays forbidden.
      "jsx-a11y/no-autofocus": ["error", { ignoreNonDOM: true }],
      // A table that a phone draws as cards says its roles, or it would stop being a table.
      "jsx-a11y/no-redundant-roles": [
        "error",
        { table: ["table"], thead: ["rowgroup"], tbody: ["rowgroup"] },
      ],
      "jsx-a11y/no-interactive-element-to-noninteractive-role": [
        "error",
        { tr: ["row"], td: ["cell"] },
      ],
    },
  },
);
