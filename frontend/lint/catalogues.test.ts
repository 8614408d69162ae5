import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** The texts of a catalogue as paths: `sessions.signIn`. */
function texts(file: string, name: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), "utf8"),
    ts.ScriptTarget.Latest,
  );
  const found: string[] = [];
  function walk(node: ts.Expression, at: string[]) {
    const object =
      ts.isSatisfiesExpression(node) || ts.isAsExpression(node) ? node.expression : node;
    if (!ts.isObjectLiteralExpression(object)) {
      found.push(at.join("."));
      return;
    }
    for (const property of object.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const key = property.name;
      if (ts.isIdentifier(key) || ts.isStringLiteral(key))
        walk(property.initializer, [...at, key.text]);
    }
  }
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: variable, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(variable) && variable.text === name && initializer) walk(initializer, []);
    }
  }
  return found;
}

/** What one file says of any catalogue. */
interface Said {
  /** `sessions.signIn`, and so on: a name and the one before it. */
  readonly pairs: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  /** Groups of which a word picks one: `states[state]`. */
  readonly picked: ReadonlySet<string>;
  /** Groups that are given to somebody as a whole, by their path from `t` or `words` on. */
  readonly given: ReadonlySet<string>;
  /** Groups that get another name. */
  readonly renamed: ReadonlySet<string>;
}

function saidBy(source: string): Said {
  // Chains that are broken over lines are put together.
  const text = source.replaceAll(/\s*\n\s*(?=\??\.)/g, "");
  const all = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map((hit) => hit[1] ?? ""));
  return {
    pairs: all(/(?=\b(\w+\.\w+))/g),
    names: all(/\.(\w+)/g),
    picked: all(/\.(\w+)\[/g),
    given: all(/\b(?:t|words)\.([\w.]+)(?=\[|\}|\)| \?\?)/g),
    renamed: all(/\.(\w+)[;,]/g),
  };
}

function sayings(folder: string, catalogue: string): Said[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.tsx?$/.test(file) && file !== catalogue)
    .map((file) => saidBy(readFileSync(path.join(root, file), "utf8")));
}

/**
 * Whether a text is said: by its name after its group's, by its name where its group is at hand
 * under another, or with all of its group.
 */
function isSaid(text: string, files: readonly Said[]): boolean {
  const parts = text.split(".");
  const [leaf = "", group] = parts.toReversed();
  if (group === undefined) {
    return files.some(({ pairs }) => pairs.has(`t.${leaf}`) || pairs.has(`words.${leaf}`));
  }
  const groups = parts.slice(0, -1);
  const paths = groups.flatMap((_, end) =>
    groups.slice(0, end + 1).map((__, start) => groups.slice(start, end + 1).join(".")),
  );
  return files.some(
    ({ pairs, names, picked, given, renamed }) =>
      pairs.has(`${group}.${leaf}`) ||
      picked.has(group) ||
      paths.some((each) => given.has(each)) ||
      (renamed.has(group) && names.has(leaf)),
  );
}

test.each([
  ["apps/portal/src", "apps/portal/src/messages/en.ts", "en"],
  ["apps/staff/src", "apps/staff/src/messages/en.ts", "en"],
  ["packages/ui/src", "packages/ui/src/words.ts", "englishWords"],
])("%s says every text of its catalogue", (folder, catalogue, name) => {
  const all = texts(catalogue, name);
  // The words of the components are also said by the apps around them.
  const said = folder.startsWith("packages")
    ? [folder, "apps/portal/src", "apps/staff/src"].flatMap((each) => sayings(each, catalogue))
    : sayings(folder, catalogue);
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((text) => !isSaid(text, said))).toEqual([]);
});
