import { type RawBuilder, sql } from "kysely";
import type { Database } from "../platform/database.ts";
import type { KeyRing } from "../platform/secrets.ts";

/** Who may sign webhooks for a workspace, and of which account. */
export interface WebhookTarget {
  workspaceId: string;
  accountSid: string;
  /** Every token that may sign now: the current one first, then those it overlaps with. */
  authTokens: string[];
  /** The one of them that follows when it is promoted at Twilio. */
  nextAuthToken: string | null;
}

/** The names under which a workspace's Auth Tokens are sealed: now, next, and until a moment ago. */
export const authTokenNames = [
  "twilio_auth_token",
  "twilio_next_auth_token",
  "twilio_previous_auth_token",
] as const;

/** For so long a webhook that was signed before the token changed is still let in. */
const overlapMinutes = 60;

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

/**
 * As {@link findWebhookTarget}; those who ask for the same workspace while it is
 * being looked up share the next look. None is shown what was true before it asked.
 */
export function groupTargets(
  database: Database,
  keys: KeyRing,
): (workspaceId: string) => Promise<WebhookTarget | null> {
  const underWay = new Map<string, Promise<WebhookTarget | null>>();
  const next = new Map<string, Promise<WebhookTarget | null>>();

  function look(workspaceId: string): Promise<WebhookTarget | null> {
    const looking = findWebhookTarget(database, keys, workspaceId).finally(() => {
      if (underWay.get(workspaceId) === looking) underWay.delete(workspaceId);
    });
    underWay.set(workspaceId, looking);
    return looking;
  }

  return (workspaceId) => {
    const looking = underWay.get(workspaceId);
    if (!looking) return look(workspaceId);
    const shared =
      next.get(workspaceId) ??
      looking
        .catch(() => null)
        .then(() => {
          next.delete(workspaceId);
          return look(workspaceId);
        });
    next.set(workspaceId, shared);
    return shared;
  };
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
  const [, nextName, previousName] = authTokenNames;
  // One statement, and so a transaction of its own.
  const { rows } = await sql<{
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
        and (
          s.name <> ${previousName}
          or s.updated_at > now() - make_interval(mins => ${overlapMinutes})
        )
      order by
        exists (
          select from public.twilio_numbers n
          where n.workspace_id = c.workspace_id and n.phone_number = ${to}
        ) desc,
        c.created_at, c.workspace_id, array_position(${[...authTokenNames]}::text[], s.name)
      limit ${maxCandidates * authTokenNames.length}
    `.execute(database.kysely);
  const targets = new Map<string, WebhookTarget>();
  for (const row of rows) {
    const workspaceId = row.workspace_id;
    const target = targets.get(workspaceId) ?? {
      workspaceId,
      accountSid: row.account_sid,
      authTokens: [],
      nextAuthToken: null,
    };
    const token = keys.open(
      { workspaceId, name: row.name },
      { keyId: row.key_id, ciphertext: Buffer.from(row.ciphertext).toString("utf8") },
    );
    target.authTokens.push(token);
    if (row.name === nextName) target.nextAuthToken = token;
    targets.set(workspaceId, target);
  }
  return [...targets.values()];
}
