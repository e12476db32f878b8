import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { openPostgresDatabase } from "../../apps/server/src/platform/database.ts";
import { createKeyRingEntry } from "../../apps/server/src/platform/secrets.ts";
import { buildWeb } from "../../tools/build-web.ts";
import {
  addWorkspace,
  createBenchDatabase,
  fillWorkspace,
  settle,
} from "../server/bench-database.ts";

/** A running product with a small and a large workspace of one person. */
export interface Inbox {
  origin: string;
  email: string;
  password: string;
  smallId: string;
  largeId: string;
  /** The conversation of the large workspace that has the long thread. */
  longContactId: string;
  close(): Promise<void>;
}

const password = "correct horse battery staple";

/** Builds the screens, starts the server as a person does, and fills it. */
export async function openInbox(sizes: {
  smallList: number;
  largeList: number;
  longThread: number;
}): Promise<Inbox> {
  await buildWeb();
  const store = await createBenchDatabase();
  await store.database.close();
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-bench-"));
  const origin = `http://localhost:${await findFreePort()}`;
  const server = spawn(process.execPath, ["apps/server/src/main.ts"], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: store.url,
      SECRETS_KEYS: createKeyRingEntry(),
      HOST: "127.0.0.1",
      PORT: new URL(origin).port,
      BASE_URL: origin,
      DATA_DIR: folder,
      ALLOW_SIGNUP: "true",
      LOG_LEVEL: "warn",
      NODE_ENV: "production",
    },
  });
  const close = async () => {
    await end(server);
    await store.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(origin);
    const email = "alice@example.com";
    const userId = await signUp(origin, email);
    const database = openPostgresDatabase(store.url);
    const smallId = await addWorkspace(database);
    const largeId = await addWorkspace(database);
    for (const id of [smallId, largeId]) {
      await sql`
        insert into public.workspace_members (workspace_id, user_id, role)
        values (${id}, ${userId}, 'owner')
      `.execute(database.kysely);
    }
    await fillWorkspace(database, smallId, { contacts: sizes.smallList, texts: sizes.smallList });
    await fillWorkspace(database, largeId, {
      contacts: sizes.largeList,
      texts: sizes.largeList * 3,
    });
    const longContactId = await fillThread(database, largeId, sizes.longThread);
    await database.close();
    await settle(store);
    return { origin, email, password, smallId, largeId, longContactId, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Gives the latest conversation texts of many lengths. */
async function fillThread(
  { kysely }: ReturnType<typeof openPostgresDatabase>,
  workspaceId: string,
  texts: number,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from public.contacts where workspace_id = ${workspaceId}
    order by last_message_at desc limit 1
  `.execute(kysely);
  const id = rows[0]?.id;
  if (!id) throw new Error("There is no contact to write to.");
  await sql`
    insert into public.messages (workspace_id, contact_id, direction, content, status, created_at)
    select ${workspaceId}, ${id},
      case when n % 3 = 0 then 'outbound' else 'inbound' end,
      'Text ' || n || repeat(' and so on about the order', n % 9),
      case when n % 3 = 0 then 'delivered' else 'received' end,
      now() - make_interval(mins => n * 7)
    from generate_series(1, ${texts}::int) n
  `.execute(kysely);
  return id;
}

async function signUp(origin: string, email: string): Promise<string> {
  const response = await fetch(`${origin}/auth/v1/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password, data: { display_name: "Alice" } }),
  });
  const body = (await response.json()) as { user?: { id: string } };
  if (!body.user) throw new Error(`No account was made: ${JSON.stringify(body)}`);
  return body.user.id;
}

async function waitUntilReady(origin: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      if ((await fetch(`${origin}/readyz`)).ok) return;
    } catch {
      // It is still starting.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The server did not get ready.");
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("No free port was found.")),
      );
    });
  });
}
