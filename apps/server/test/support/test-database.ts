import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from "../../src/platform/database.ts";
import { engineExtensions } from "../../src/platform/embedded.ts";
import { applySchema, findEmbeddedTemplate, findPostgresTemplate } from "./template-databases.ts";
import { findTestServer, type TestServer } from "./test-postgres.ts";

/** The two kinds of database that every integration test runs on. */
export const databaseKinds = ["embedded", "postgres"] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

export interface TestDatabase {
  database: Database;
  /** Its address; null on `embedded`. */
  url: string | null;
  /** A second connection pool to the same database, as another server has; only on `postgres`. */
  openAnother(): Database;
  drop(): Promise<void>;
}

/** An empty database of its own, gone after `drop`. */
export function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return create(kind, null);
}

/** The same with the whole schema: a copy of the run's template, where its setup has made one. */
export async function createMigratedDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const template = kind === "embedded" ? findEmbeddedTemplate() : findPostgresTemplate();
  const test = await create(kind, template);
  if (!template) await applySchema(test.database);
  return test;
}

async function create(kind: DatabaseKind, template: string | null): Promise<TestDatabase> {
  switch (kind) {
    case "embedded": {
      const packed = template && (await readFile(template));
      const engine = await PGlite.create({
        extensions: engineExtensions,
        ...(packed ? { loadDataDir: new Blob([packed], { type: "application/x-gzip" }) } : {}),
      });
      const database = openEmbeddedDatabase(engine);
      return {
        database,
        url: null,
        openAnother: () => {
          throw new Error("An embedded database has one owner.");
        },
        drop: () => database.close(),
      };
    }
    case "postgres":
      return createOnServer(await findTestServer(), template);
    default:
      return kind satisfies never;
  }
}

async function createOnServer(server: TestServer, template: string | null): Promise<TestDatabase> {
  const name = `livechat_test_${randomBytes(6).toString("hex")}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}${template ? ` template ${template}` : ""}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const opened = [openPostgresDatabase(url.href)];
  const [database] = opened;
  if (!database) throw new Error("No database was opened.");
  return {
    database,
    url: url.href,
    openAnother: () => {
      const another = openPostgresDatabase(url.href);
      opened.push(another);
      return another;
    },
    drop: async () => {
      await Promise.all(opened.map((each) => each.close()));
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
      await server.stop();
    },
  };
}
