import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { signInSchema } from "./sign-in.ts";

// Makes servers that start at once take turns: `create … if not exists` alone fails when two do it
// at the same moment. Holds until the end of the script that begins with it.
const takeTurns = "select pg_advisory_xact_lock(7283904161);\n";

const bootstrapFile = path.join(import.meta.dirname, "bootstrap.sql");

/** The folder of the project's migrations: `supabase/migrations`. */
export const migrationsFolder = path.resolve(
  import.meta.dirname,
  "../../../../supabase/migrations",
);

/**
 * Gives a bare Postgres what hosted Supabase has already: roles, the functions
 * of the schema `auth`, and the tables of sign-in. Safe to run again, and by several
 * servers at once.
 */
export async function prepareBareDatabase(database: Database): Promise<void> {
  await database.runScript(takeTurns + (await readFile(bootstrapFile, "utf8")));
  await database.runScript(takeTurns + signInSchema());
}

/**
 * Applies the migrations that this database lacks, in the order of their names,
 * and returns the names of those it applied. Each is atomic together with its
 * record in `supabase_migrations.schema_migrations`, where the Supabase CLI
 * looks too. Servers that start at once do not disturb each other.
 */
export async function migrate(
  database: Database,
  folder: string = migrationsFolder,
): Promise<string[]> {
  await database.runScript(`
    ${takeTurns}
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key,
      statements text[],
      name text
    );
  `);
  const { rows } = await sql<{ version: string }>`
    select version from supabase_migrations.schema_migrations
  `.execute(database.kysely);
  const known = new Set(rows.map((row) => row.version));

  const applied: string[] = [];
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  for (const file of files) {
    const { version, name } = parseMigrationName(file);
    if (known.has(version)) continue;
    const script = await readFile(path.join(folder, file), "utf8");
    if (await applyOnce(database, { version, name, script })) applied.push(file);
  }
  return applied;
}

function parseMigrationName(file: string): { version: string; name: string } {
  const match = /^(\d+)_([a-z0-9_]+)\.sql$/.exec(file);
  if (!match?.[1] || !match[2]) {
    throw new Error(`Migration ${file} is not named like 20260101000000_what_it_adds.sql.`);
  }
  return { version: match[1], name: match[2] };
}

async function applyOnce(
  database: Database,
  migration: { version: string; name: string; script: string },
): Promise<boolean> {
  // Several statements sent at once are one transaction. The record comes first: a second
  // server waits there for the first one, and then finds the key taken.
  const record = `insert into supabase_migrations.schema_migrations (version, name) values ('${migration.version}', '${migration.name}');`;
  try {
    await database.runScript(`${record}\n${migration.script}`);
    return true;
  } catch (error) {
    if (isAlreadyRecorded(error)) return false;
    throw new Error(`Migration ${migration.version}_${migration.name} failed.`, { cause: error });
  }
}

function isAlreadyRecorded(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return false;
  return error.message.includes("schema_migrations_pkey");
}
