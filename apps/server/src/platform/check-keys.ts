import { sql } from "kysely";
import type { Logger } from "pino";
import { type Config, ConfigError } from "../config.ts";
import type { Database } from "./database.ts";
import type { KeyRing } from "./secrets.ts";

/** Throws ConfigError when the database holds secrets and the ring opens none of them. */
export async function checkKeys(
  database: Database,
  keys: KeyRing,
  config: Config,
  log: Logger,
): Promise<void> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ workspace_id: string; name: string; ciphertext: Buffer; key_id: string }>`
      select distinct on (key_id) workspace_id, name, ciphertext, key_id
      from private.workspace_secrets order by key_id, updated_at desc
    `.execute(trx),
  );
  const unreadable = rows.filter((row) => {
    const place = { workspaceId: row.workspace_id, name: row.name };
    const ciphertext = Buffer.from(row.ciphertext).toString("utf8");
    try {
      keys.open(place, { keyId: row.key_id, ciphertext });
      return false;
    } catch {
      return true;
    }
  });
  if (unreadable.length === 0) return;
  const ids = unreadable.map((row) => row.key_id).join(", ");
  if (unreadable.length === rows.length) {
    const source = config.secretsKeys
      ? "SECRETS_KEYS"
      : `DATA_DIR: ${config.platform.dataFolder}/secrets-keys`;
    throw new ConfigError(
      `${source}: these are not the keys that the database's secrets are sealed with (${ids}). Set the keys that this database was used with.`,
    );
  }
  log.warn({ keyIds: ids }, "some secrets are sealed with keys that are not in the ring");
}
