import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyRingEntry, parseKeyRing } from "../src/platform/secrets.ts";
import {
  createMigratedDatabase,
  createTestDatabase,
  type TestDatabase,
} from "./support/test-database.ts";

const main = path.join(import.meta.dirname, "../src/main.ts");

let folder: string;
let test: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "livechat-start-"));
  test = await createTestDatabase("postgres");
});
afterAll(async () => {
  await test.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The program as it is started by hand, with nothing but these variables. */
function start(variables: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    // No .env of a developer is there.
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      PORT: "0",
      DATA_DIR: path.join(folder, "data"),
      LOG_LEVEL: "silent",
      ...variables,
    },
  });
  let printed = "";
  let complaint = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      if (printed.includes("Livechat SMS is ready")) resolve();
    });
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const ended = once(child, "close").then(([code]: number[]) => ({ code, complaint }));
  return { child, ready, ended };
}

/** What a start says that must fail: its one line, once it ended with 1. */
async function complaintOf(variables: Record<string, string>): Promise<string> {
  const { child, ready, ended } = start(variables);
  const outcome = await Promise.race([ended, ready.then(() => null)]);
  if (!outcome) {
    child.kill();
    await ended;
    throw new Error("It started.");
  }
  expect(outcome.complaint).toMatch(/^[^\n]+\n$/);
  expect(outcome.code).toBe(1);
  return outcome.complaint;
}

function onPostgres(variables: Record<string, string> = {}): Record<string, string> {
  return { DATABASE_URL: test.url ?? "", SECRETS_KEYS: createKeyRingEntry(), ...variables };
}

/** A place where this user may not write. The superuser may enter any folder but the kernel's. */
async function closedFolder(name: string): Promise<string> {
  if (process.getuid?.() === 0) return path.join("/sys", name);
  const closed = path.join(folder, name);
  await mkdir(closed, { mode: 0o000 });
  return closed;
}

describe("a start that can't succeed says in one line what to mend", () => {
  it("when the port is none", async () => {
    expect(await complaintOf({ PORT: "abc" })).toMatch(/^PORT: must be a port number/);
  });

  it("when the port is in use", async () => {
    const holder = net.createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      const complaint = await complaintOf({ PORT: String(port), ...onPostgres() });
      expect(complaint).toMatch(new RegExp(`^PORT: ${port} is in use`));
    } finally {
      holder.close();
    }
  });

  it.each(["embedded", "postgres"])("when the data folder is a file, on %s", async (kind) => {
    const file = path.join(folder, `file-${kind}`);
    await writeFile(file, "");
    const variables = { DATA_DIR: file, ...(kind === "postgres" ? onPostgres() : {}) };
    expect(await complaintOf(variables)).toMatch(/^DATA_DIR: .*file-/);
  });

  it.each(["embedded", "postgres"])("when the data folder is closed to it, on %s", async (kind) => {
    const closed = await closedFolder(`closed-${kind}`);
    const variables = { DATA_DIR: closed, ...(kind === "postgres" ? onPostgres() : {}) };
    expect(await complaintOf(variables)).toMatch(/^DATA_DIR: .*closed-/);
  });

  it("when the database does not answer, without telling its password", async () => {
    const url = "postgres://livechat:sensitive@127.0.0.1:1/livechat";
    const complaint = await complaintOf(onPostgres({ DATABASE_URL: url }));
    expect(complaint).toMatch(/^DATABASE_URL: .*ECONNREFUSED/);
    expect(complaint).not.toContain("sensitive");
  });

  it("when there is no such database", async () => {
    const url = new URL(test.url ?? "");
    url.pathname = "/livechat_that_is_missing";
    const complaint = await complaintOf(onPostgres({ DATABASE_URL: url.href }));
    expect(complaint).toMatch(/^DATABASE_URL: .*livechat_that_is_missing/);
  });

  it("when Redis does not answer", async () => {
    const complaint = await complaintOf(onPostgres({ REDIS_URL: "redis://127.0.0.1:1" }));
    expect(complaint).toMatch(/^REDIS_URL: /);
  });

  it.each(["sensitive", "a:sensitive", "a:b:c"])("when the keys are %s", async (keys) => {
    const complaint = await complaintOf(onPostgres({ SECRETS_KEYS: keys }));
    expect(complaint).toMatch(/^SECRETS_KEYS: /);
    expect(complaint).not.toContain("sensitive");
  });

  it("when the keys are not those of the database", async () => {
    const used = createKeyRingEntry();
    const other = await createMigratedDatabase("postgres");
    try {
      const { rows } = await sql<{ id: string }>`
        insert into public.workspaces (name) values ('Acme') returning id
      `.execute(other.database.kysely);
      const workspaceId = rows[0]?.id ?? "";
      const name = "twilio_auth_token";
      const { keyId, ciphertext } = parseKeyRing(used).seal({ workspaceId, name }, "a token");
      await sql`
        insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
        values (${workspaceId}, ${name}, ${Buffer.from(ciphertext, "utf8")}, ${keyId})
      `.execute(other.database.kysely);

      const variables = onPostgres({ DATABASE_URL: other.url ?? "" });
      expect(await complaintOf(variables)).toMatch(new RegExp(`^SECRETS_KEYS: .*${keyId}`));

      const rotated = start({ ...variables, SECRETS_KEYS: `${createKeyRingEntry()},${used}` });
      await rotated.ready;
      rotated.child.kill("SIGTERM");
      expect(await rotated.ended).toEqual({ code: 0, complaint: "" });
    } finally {
      await other.drop();
    }
  });
});

it("several servers that start at once share an empty database, and stop when told to", async () => {
  const empty = await createTestDatabase("postgres");
  try {
    const variables = onPostgres({ DATABASE_URL: empty.url ?? "" });
    const servers = [1, 2, 3].map((turn) =>
      start({ ...variables, DATA_DIR: path.join(folder, `server-${turn}`) }),
    );
    const outcomes = await Promise.all(
      servers.map(({ ready, ended }) => Promise.race([ready.then(() => "ready"), ended])),
    );
    for (const { child } of servers) child.kill("SIGTERM");
    const ends = await Promise.all(servers.map(({ ended }) => ended));
    expect(outcomes).toEqual(["ready", "ready", "ready"]);
    for (const end of ends) expect(end).toEqual({ code: 0, complaint: "" });
  } finally {
    await empty.drop();
  }
}, 60_000);
