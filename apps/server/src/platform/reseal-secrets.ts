import { sql } from "kysely";
import type { Database } from "./database.ts";
import { type KeyRing, SecretUnreadableError } from "./secrets.ts";

/** What became of a database's secrets. */
export interface Resealing {
  /** Sealed anew with the leading key. */
  resealed: number;
  /** The keys that seal a secret which this ring does not open; those stay as they are. */
  unreadableKeyIds: string[];
}

/**
 * Seals every secret with the key that leads the ring, so that the older keys can
 * go. Safe while servers run that know the whole ring, and to run again: a secret
 * that changes meanwhile is left as it then is. Throws what the database throws.
 */
export async function resealSecrets(database: Database, keys: KeyRing): Promise<Resealing> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ workspace_id: string; name: string; ciphertext: Buffer; key_id: string }>`
      select workspace_id, name, ciphertext, key_id from private.workspace_secrets
    `.execute(trx),
  );
  let resealed = 0;
  const unreadable = new Set<string>();
  for (const row of rows) {
    const place = { workspaceId: row.workspace_id, name: row.name };
    const sealed = { keyId: row.key_id, ciphertext: Buffer.from(row.ciphertext).toString("utf8") };
    if (!keys.isOutdated(sealed)) continue;
    let plaintext: string;
    try {
      plaintext = keys.open(place, sealed);
    } catch (error) {
      if (!(error instanceof SecretUnreadableError)) throw error;
      unreadable.add(row.key_id);
      continue;
    }
    const anew = keys.seal(place, plaintext);
    const { rows: updated } = await database.asSystem((trx) =>
      sql`
        update private.workspace_secrets
        set ciphertext = ${Buffer.from(anew.ciphertext, "utf8")}, key_id = ${anew.keyId}
        where workspace_id = ${row.workspace_id} and name = ${row.name}
          and ciphertext = ${row.ciphertext}
        returning 1
      `.execute(trx),
    );
    resealed += updated.length;
  }
  return { resealed, unreadableKeyIds: [...unreadable].sort() };
}
