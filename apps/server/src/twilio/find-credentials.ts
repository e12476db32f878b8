import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findWebhookTarget } from "./find-webhook-target.ts";
import type { TwilioCredentials } from "./twilio-client.ts";

/** The name under which the secret of a workspace's API key is sealed. */
export const apiKeySecretName = "twilio_api_key_secret";

/** How to act for a workspace at Twilio; null when it is not connected. Throws SecretUnreadableError. */
export async function findCredentials(
  context: Pick<Context, "database" | "keys">,
  workspaceId: string,
): Promise<TwilioCredentials | null> {
  const target = await findWebhookTarget(context.database, context.keys, workspaceId);
  const [authToken] = target?.authTokens ?? [];
  if (!target || !authToken) return null;
  const apiKey = await findApiKey(context, workspaceId);
  return {
    accountSid: target.accountSid,
    authToken,
    ...(target.nextAuthToken === null ? {} : { nextAuthToken: target.nextAuthToken }),
    ...(apiKey === null ? {} : { apiKey }),
  };
}

/** As {@link findCredentials}, but throws `twilio_not_connected` instead of null. */
export async function getCredentials(
  context: Pick<Context, "database" | "keys">,
  workspaceId: string,
): Promise<TwilioCredentials> {
  const credentials = await findCredentials(context, workspaceId);
  if (credentials) return credentials;
  throw new DomainError("twilio_not_connected", "Connect Twilio in the settings first.");
}

async function findApiKey(
  { database, keys }: Pick<Context, "database" | "keys">,
  workspaceId: string,
): Promise<TwilioCredentials["apiKey"] | null> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ sid: string; ciphertext: Uint8Array; key_id: string }>`
      select c.api_key_sid as sid, s.ciphertext, s.key_id
      from public.workspace_twilio_config c
      join private.workspace_secrets s on s.workspace_id = c.workspace_id
      where c.workspace_id = ${workspaceId} and c.api_key_sid is not null
        and s.name = ${apiKeySecretName}
    `.execute(trx),
  );
  const [row] = rows;
  if (!row) return null;
  const place = { workspaceId, name: apiKeySecretName };
  const ciphertext = Buffer.from(row.ciphertext).toString("utf8");
  return { sid: row.sid, secret: keys.open(place, { keyId: row.key_id, ciphertext }) };
}
