import { readdirSync, readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import { engineExtensions } from "../../apps/server/src/platform/embedded.ts";
import { signInSchema } from "../../apps/server/src/platform/sign-in.ts";
import { findTestServer } from "../../apps/server/test/support/test-postgres.ts";

/** One connection that runs SQL text; `count` is the rows returned or changed. */
export interface Database {
  run(sql: string): Promise<{ rows: Record<string, unknown>[]; count: number }>;
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

const folder = new URL("../", import.meta.url);

export async function openPGlite(): Promise<Database> {
  const lite = new PGlite({ extensions: engineExtensions });
  return {
    async run(sql) {
      const { rows, affectedRows } = await lite.query<Record<string, unknown>>(sql);
      return { rows, count: rows.length > 0 ? rows.length : (affectedRows ?? 0) };
    },
    async script(sql) {
      await lite.exec(sql);
    },
    close: () => lite.close(),
  };
}

export async function openPostgres(): Promise<Database> {
  const server = await findTestServer();
  const name = `policies_${crypto.randomUUID().replaceAll("-", "")}`;
  const options = { max: 1, onnotice: () => {} };
  const cluster = postgres(server.url, options);
  await cluster.unsafe(`create database ${name}`);
  const own = new URL(server.url);
  own.pathname = `/${name}`;
  const sql = postgres(own.href, options);
  return {
    async run(text) {
      const rows = await sql.unsafe(text);
      return { rows: [...rows], count: rows.count ?? 0 };
    },
    async script(text) {
      await sql.unsafe(text);
    },
    async close() {
      await sql.end();
      await cluster.unsafe(`drop database if exists ${name} with (force)`);
      await cluster.end();
      await server.stop();
    },
  };
}

export async function migrate(db: Database): Promise<void> {
  const bootstrap = new URL("../apps/server/src/platform/bootstrap.sql", folder);
  await db.script(readFileSync(bootstrap, "utf8"));
  await db.script(signInSchema());
  const migrations = new URL("migrations/", folder);
  for (const file of readdirSync(migrations).sort()) {
    await db.script(readFileSync(new URL(file, migrations), "utf8"));
  }
}
