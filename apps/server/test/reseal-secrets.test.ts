import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Database } from "../src/platform/database.ts";
import { openDataFolder, openKeyFile } from "../src/platform/embedded.ts";
import { migrate, prepareBareDatabase } from "../src/platform/migrate.ts";
import { resealSecrets } from "../src/platform/reseal-secrets.ts";
import { createKeyRingEntry, type KeyRing, parseKeyRing } from "../src/platform/secrets.ts";
import { createMigratedDatabase, databaseKinds } from "./support/test-database.ts";

const name = "twilio_auth_token";

async function addSecret(database: Database, keys: KeyRing, secret: string): Promise<string> {
  const workspaceId = crypto.randomUUID();
  const { keyId, ciphertext } = keys.seal({ workspaceId, name }, secret);
  await sql`insert into public.workspaces (id, name) values (${workspaceId}, 'Acme')`.execute(
    database.kysely,
  );
  await sql`
    insert into private.workspace_secrets (workspace_id, name, ciphertext, key_id)
    values (${workspaceId}, ${name}, ${Buffer.from(ciphertext, "utf8")}, ${keyId})
  `.execute(database.kysely);
  return workspaceId;
}

async function readSecret(database: Database, keys: KeyRing, workspaceId: string) {
  const { rows } = await sql<{ ciphertext: Buffer; key_id: string }>`
    select ciphertext, key_id from private.workspace_secrets where workspace_id = ${workspaceId}
  `.execute(database.kysely);
  const [row] = rows;
  if (!row) throw new Error("There is no secret.");
  const sealed = { keyId: row.key_id, ciphertext: Buffer.from(row.ciphertext).toString("utf8") };
  return keys.open({ workspaceId, name }, sealed);
}

describe.each(databaseKinds)("sealing anew on %s", (kind) => {
  it("leaves nothing that needs an older key, and what no key opens as it is", async () => {
    const [older, newer, foreign] = [1, 2, 3].map(createKeyRingEntry);
    const test = await createMigratedDatabase(kind);
    try {
      const alice = await addSecret(test.database, parseKeyRing(`${older}`), "alice's token");
      const carol = await addSecret(test.database, parseKeyRing(`${foreign}`), "carol's token");

      const rotated = parseKeyRing(`${newer},${older}`);
      expect(await resealSecrets(test.database, rotated)).toEqual({
        resealed: 1,
        unreadableKeyIds: [foreign?.split(":")[0]],
      });
      expect(await resealSecrets(test.database, rotated)).toMatchObject({ resealed: 0 });
      expect(await readSecret(test.database, parseKeyRing(`${newer}`), alice)).toBe(
        "alice's token",
      );
      expect(await readSecret(test.database, parseKeyRing(`${foreign}`), carol)).toBe(
        "carol's token",
      );
    } finally {
      await test.drop();
    }
  });
});

it("the command makes the embedded database a new key, and keeps what it sealed readable", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "livechat-reseal-"));
  try {
    const keys = await openKeyFile(folder);
    const database = await openDataFolder(folder);
    await prepareBareDatabase(database);
    await migrate(database);
    const alice = await addSecret(database, keys, "alice's token");
    await database.close();

    const command = spawnSync(
      process.execPath,
      [path.join(import.meta.dirname, "../../../tools/reseal-secrets.ts")],
      { cwd: folder, env: { PATH: process.env.PATH, DATA_DIR: folder }, encoding: "utf8" },
    );
    expect(command).toMatchObject({ status: 0, stderr: "" });
    expect(command.stdout).toContain("Secrets sealed with the newest key: 1");
    const [newest] = (await readFile(path.join(folder, "secrets-keys"), "utf8")).split(",");

    const reopened = await openDataFolder(folder);
    expect(await readSecret(reopened, parseKeyRing(`${newest}`), alice)).toBe("alice's token");
    await reopened.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
