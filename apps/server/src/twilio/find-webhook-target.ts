import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import type { KeyRing } from "../platform/secrets.ts";

/** Who may sign webhooks for a workspace, and of which account. */
export interface WebhookTarget {
  workspaceId: string;
  accountSid: string;
  /** The current Auth Token, then the next one while they rotate. */
  authTokens: string[];
}

/** The names under which a workspace's Auth Tokens are sealed. */
export const authTokenNames = ["twilio_auth_token", "twilio_next_auth_token"] as const;

/**
 * The connection of a workspace, or null when there is none or no such
 * workspace. Throws SecretUnreadableError when its key is missing from the ring.
 */
export async function findWebhookTarget(
  database: Database,
  keys: KeyRing,
  workspaceId: string,
): Promise<WebhookTarget | null> {
  const { rows } = await database.asSystem((trx) =>
    sql<{
      account_sid: string;
      name: (typeof authTokenNames)[number];
      ciphertext: Uint8Array;
      key_id: string;
    }>`
      select c.account_sid, s.name, s.ciphertext, s.key_id
      from public.workspace_twilio_config c
      join private.workspace_secrets s on s.workspace_id = c.workspace_id
      where c.workspace_id = ${workspaceId} and c.is_configured
        and s.name = any (${[...authTokenNames]}::text[])
      order by array_position(${[...authTokenNames]}::text[], s.name)
    `.execute(trx),
  );
  const [first] = rows;
  if (!first) return null;
  return {
    workspaceId,
    accountSid: first.account_sid,
    authTokens: rows.map((row) =>
      keys.open(
        { workspaceId, name: row.name },
        { keyId: row.key_id, ciphertext: Buffer.from(row.ciphertext).toString("utf8") },
      ),
    ),
  };
}
