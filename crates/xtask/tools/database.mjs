// Makes or drops one database on a server that the caller brought: `node database.mjs create|drop NAME`,
// with the owner's URL on standard input, so that no password stands in the process list.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [verb, name, installed] = process.argv.slice(2);
const statements = {
  create: (quoted) => `CREATE DATABASE ${quoted}`,
  drop: (quoted) => `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`,
};
if (!Object.hasOwn(statements, verb) || !name || !installed) {
  throw new Error('usage: database.mjs create|drop NAME FOLDER');
}

const { Client, escapeIdentifier } = createRequire(join(installed, 'package.json'))('pg');
const client = new Client({ connectionString: readFileSync(0, 'utf8').trim() });
await client.connect();
try {
  await client.query(statements[verb](escapeIdentifier(name)));
} finally {
  await client.end();
}
