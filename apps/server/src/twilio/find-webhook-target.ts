import { type RawBuilder, sql } from "kysely";
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
  const [target] = await readTargets(database, keys, sql`c.workspace_id = ${workspaceId}`, "");
  return target ?? null;
}

/** More workspaces than share one Twilio account in earnest. */
const maxCandidates = 20;

/**
 * The workspaces that a webhook without a workspace in its address may be for,
 * the likeliest first: those that own the number `to`, then the oldest. Throws
 * SecretUnreadableError when a key is missing from the ring.
 */
export async function listWebhookTargets(
  database: Database,
  keys: KeyRing,
  { accountSid, to }: { accountSid: string; to: string },
): Promise<WebhookTarget[]> {
  return readTargets(database, keys, sql`c.account_sid = ${accountSid}`, to);
}

async function readTargets(
  database: Database,
  keys: KeyRing,
  condition: RawBuilder<unknown>,
  to: string,
): Promise<WebhookTarget[]> {
  const { rows } = await database.asSystem((trx) =>
    sql<{
      workspace_id: string;
      account_sid: string;
      name: (typeof authTokenNames)[number];
      ciphertext: Uint8Array;
      key_id: string;
    }>`
      select c.workspace_id, c.account_sid, s.name, s.ciphertext, s.key_id
      from public.workspace_twilio_config c
      join private.workspace_secrets s on s.workspace_id = c.workspace_id
      where ${condition} and c.is_configured and s.name = any (${[...authTokenNames]}::text[])
      order by
        exists (
          select from public.twilio_numbers n
          where n.workspace_id = c.workspace_id and n.phone_number = ${to}
        ) desc,
        c.created_at, c.workspace_id, array_position(${[...authTokenNames]}::text[], s.name)
      limit ${maxCandidates * authTokenNames.length}
    `.execute(trx),
  );
  const targets = new Map<string, WebhookTarget>();
  for (const row of rows) {
    const workspaceId = row.workspace_id;
    const target = targets.get(workspaceId) ?? {
      workspaceId,
      accountSid: row.account_sid,
      authTokens: [],
    };
    target.authTokens.push(
      keys.open(
        { workspaceId, name: row.name },
        { keyId: row.key_id, ciphertext: Buffer.from(row.ciphertext).toString("utf8") },
      ),
    );
    targets.set(workspaceId, target);
  }
  return [...targets.values()];
}
