import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from "../../src/platform/database.ts";
import { engineExtensions } from "../../src/platform/embedded.ts";
import { migrate, migrationsFolder, prepareBareDatabase } from "../../src/platform/migrate.ts";
import { signInSchema } from "../../src/platform/sign-in.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const cacheFolder = path.join(root, "node_modules/.cache/livechat-test");

/** The run's database with the whole schema and no rows, of which tests on the server take copies. */
export function findPostgresTemplate(): string | null {
  return process.env.TEST_TEMPLATE_DATABASE ?? null;
}

/** The same as the packed data folder of an embedded database. */
export function findEmbeddedTemplate(): string | null {
  return process.env.TEST_TEMPLATE_FILE ?? null;
}

/** Makes a template database on the server at `url`, gone after `drop`. */
export async function makePostgresTemplate(
  url: string,
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `livechat_template_${randomBytes(6).toString("hex")}`;
  const drop = () => administer(url, `drop database if exists ${name} with (force)`);
  await administer(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const database = openPostgresDatabase(own.href, 1);
  try {
    await applySchema(database);
  } catch (error) {
    await drop();
    throw error;
  } finally {
    await database.close();
  }
  return { name, drop };
}

/** The packed embedded template; made anew only when the schema or a package has changed. */
export async function makeEmbeddedTemplate(): Promise<string> {
  const file = path.join(cacheFolder, `${await hashSchema()}.tar.gz`);
  if (existsSync(file)) return file;
  await mkdir(cacheFolder, { recursive: true });
  const engine = await PGlite.create({ extensions: engineExtensions });
  const database = openEmbeddedDatabase(engine);
  await applySchema(database);
  const packed = await engine.dumpDataDir("gzip");
  await database.close();
  const older = await readdir(cacheFolder);
  // Whole or not at all: another run may read it at any moment.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, Buffer.from(await packed.arrayBuffer()));
  await rename(draft, file);
  for (const each of older) {
    if (each.endsWith(".tar.gz") && each !== path.basename(file))
      await rm(path.join(cacheFolder, each), { force: true });
  }
  return file;
}

/** Gives an empty database the whole schema. */
export async function applySchema(database: Database): Promise<void> {
  await prepareBareDatabase(database);
  await migrate(database);
}

async function administer(url: string, statement: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.end();
  }
}

async function hashSchema(): Promise<string> {
  const hash = createHash("sha256").update(signInSchema());
  hash.update(await readFile(path.join(root, "pnpm-lock.yaml")));
  hash.update(await readFile(path.join(root, "apps/server/src/platform/bootstrap.sql")));
  for (const name of (await readdir(migrationsFolder)).sort()) {
    hash.update(`${name}\0`).update(await readFile(path.join(migrationsFolder, name)));
  }
  return hash.digest("hex").slice(0, 24);
}
