import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readFile, realpath, rename, unlink, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { ConfigError } from "../config.ts";
import { type Database, openEmbeddedDatabase } from "./database.ts";
import { createKeyRingEntry, type KeyRing, parseKeyRing } from "./secrets.ts";

/** What the migrations create extensions from; a Postgres server brings its own. */
export const engineExtensions = { btree_gin, pg_trgm };

/**
 * Opens the database that lives in `<dataFolder>/db`, and keeps every other
 * process out of it until it is closed. Throws ConfigError when the folder can't
 * be used or is in use.
 */
export async function openDataFolder(dataFolder: string): Promise<Database> {
  await prepareDataFolder(dataFolder);
  await prepareDataFolder(path.join(dataFolder, "db"));
  const unlock = await lock(dataFolder);
  try {
    const engine = await PGlite.create({
      dataDir: path.join(dataFolder, "db"),
      extensions: engineExtensions,
    });
    const database = openEmbeddedDatabase(engine);
    return {
      ...database,
      close: async () => {
        await database.close();
        if (!engine.closed) await engine.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw new ConfigError(
      `DATA_DIR: the database in ${dataFolder}/db can't be opened. Restore the folder from a backup, or name another one.`,
      { cause: error },
    );
  }
}

/**
 * The key ring of this folder: read from `secrets-keys`, which is made on the
 * first start and only its owner may read. Throws ConfigError when it can't be
 * read or written.
 */
export async function openKeyFile(dataFolder: string): Promise<KeyRing> {
  const file = path.join(dataFolder, "secrets-keys");
  await prepareDataFolder(dataFolder);
  try {
    await writeFile(file, `${createKeyRingEntry()}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw unusable(file, error);
  }
  try {
    return parseKeyRing((await readFile(file, "utf8")).trim());
  } catch (error) {
    throw unusable(file, error);
  }
}

/**
 * Puts a new key at the head of the folder's ring and returns the ring. The older
 * keys stay: they still open. Throws ConfigError when the file can't be read or
 * written.
 */
export async function addKeyToFile(dataFolder: string): Promise<KeyRing> {
  const file = path.join(dataFolder, "secrets-keys");
  await openKeyFile(dataFolder);
  try {
    const ring = `${createKeyRingEntry()},${(await readFile(file, "utf8")).trim()}`;
    // Whole or not at all: half a ring would lock every secret away.
    await writeFile(`${file}.new`, `${ring}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return parseKeyRing(ring);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Makes the data folder, or one in it, where it lacks. Throws ConfigError when nothing can be kept in it. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
}

function unusable(what: string, error: unknown): ConfigError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ConfigError(`DATA_DIR: ${what} can't be used: ${reason}`, { cause: error });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/**
 * Holds the folder by listening on a socket: unlike a file with a process id, it
 * lets go when the process dies, however that happens.
 */
async function lock(dataFolder: string): Promise<() => Promise<void>> {
  const address = await lockAddress(dataFolder);
  const holder = net.createServer((visitor) => visitor.destroy());
  holder.unref();
  try {
    await listen(holder, address);
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") throw unusable(dataFolder, error);
    if (await isHeld(address)) throw inUse(dataFolder);
    await unlink(address).catch(() => {});
    await listen(holder, address).catch(() => {
      throw inUse(dataFolder);
    });
  }
  return () => new Promise((resolve) => holder.close(() => resolve()));
}

function inUse(dataFolder: string): ConfigError {
  return new ConfigError(
    `DATA_DIR: ${dataFolder} is in use by another running server. Stop that one, or name another folder.`,
  );
}

async function lockAddress(dataFolder: string): Promise<string> {
  const folder = await realpath(dataFolder);
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\livechat-${name}`;
  const inside = path.join(folder, "lock");
  // Longer addresses than this are cut off by the system: 104 bytes on macOS, 108 on Linux.
  return Buffer.byteLength(inside) < 100 ? inside : path.join(tmpdir(), `livechat-${name}`);
}

function listen(holder: net.Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    holder.once("error", reject);
    holder.listen(address, () => {
      holder.off("error", reject);
      resolve();
    });
  });
}

function isHeld(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const visitor = net.connect(address);
    visitor.once("connect", () => {
      visitor.destroy();
      resolve(true);
    });
    visitor.once("error", () => resolve(false));
  });
}
