import type { TwilioConfig } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { findSimulator } from "../simulator/start-simulator.ts";
import { authTokenNames } from "./find-webhook-target.ts";
import { listNumbers } from "./numbers-store.ts";
import { syncNumbers } from "./sync-numbers.ts";
import type { TwilioCredentials } from "./twilio-client.ts";
import { buildWebhookUrl } from "./webhook-urls.ts";

/**
 * Connects a workspace to an account: asks Twilio whether the credentials hold,
 * seals the token, and reads the numbers. Nothing is saved when Twilio says no.
 * Throws `twilio_credentials_refused` and `twilio_unreachable`.
 */
export async function connectTwilio(
  context: Context,
  caller: { userId: string },
  {
    workspaceId,
    accountSid,
    authToken,
    replaceForeignUrls,
  }: TwilioCredentials & { workspaceId: string; replaceForeignUrls: boolean },
): Promise<TwilioConfig> {
  const credentials = { accountSid, authToken };
  const account = await context.twilio.getAccount(credentials);
  if (account.status !== "active") {
    throw new DomainError(
      "twilio_credentials_refused",
      `This Twilio account is ${account.status}. Make it active in the Twilio Console first.`,
    );
  }
  const [name, nextName] = authTokenNames;
  const sealed = context.keys.seal({ workspaceId, name }, authToken);
  await context.database.asMember(caller.userId, async (trx) => {
    await sql`
      insert into public.workspace_twilio_config as c (
        workspace_id, account_sid, auth_token_last4, webhook_url, webhook_type, is_configured
      )
      values (
        ${workspaceId}, ${accountSid}, ${authToken.slice(-4)},
        ${buildWebhookUrl(context.config.baseUrl, workspaceId)}, 'per_number', true
      )
      on conflict (workspace_id) do update set
        account_sid = excluded.account_sid,
        auth_token_last4 = excluded.auth_token_last4,
        webhook_url = excluded.webhook_url,
        webhook_type = excluded.webhook_type,
        is_configured = true
    `.execute(trx);
    for (const [secretName, { ciphertext, keyId }] of [
      [name, sealed],
      // A token that was to follow the old one must not sign for the new account.
      [nextName, context.keys.seal({ workspaceId, name: nextName }, authToken)],
    ] as const) {
      await sql`
        select private.put_workspace_secret(
          ${workspaceId}, ${secretName}, ${Buffer.from(ciphertext, "utf8")}, ${keyId}
        )
      `.execute(trx);
    }
    await sql`
      select private.append_audit(
        ${workspaceId}, 'twilio.connected', ${accountSid},
        ${JSON.stringify({ accountType: account.type })}::text::jsonb
      )
    `.execute(trx);
  });
  await syncNumbers(context, caller, workspaceId, credentials, { replaceForeignUrls });
  return getTwilioConfig(context, caller, workspaceId);
}

/** How a workspace is connected; never a secret. Throws what the database throws. */
export async function getTwilioConfig(
  { database, config }: Context,
  caller: { userId: string },
  workspaceId: string,
): Promise<TwilioConfig> {
  const connection = await database.asMember(caller.userId, async (trx) => {
    const { rows } = await sql<{
      account_sid: string;
      auth_token_last4: string | null;
      webhook_type: TwilioConfig["webhookType"];
      is_configured: boolean;
    }>`
      select account_sid, auth_token_last4, webhook_type, is_configured
      from public.workspace_twilio_config where workspace_id = ${workspaceId}
    `.execute(trx);
    const [row] = rows;
    return {
      isConfigured: row?.is_configured ?? false,
      accountSid: row?.account_sid ?? null,
      authTokenLast4: row?.auth_token_last4 ?? null,
      webhookType: row?.webhook_type ?? "per_number",
      webhookUrl: buildWebhookUrl(config.baseUrl, workspaceId),
      numbers: await listNumbers(trx, workspaceId, config.baseUrl),
    };
  });
  const { accountSid } = connection;
  const isSimulated = accountSid ? await findSimulator(database)?.recognise(accountSid) : false;
  return { ...connection, isSimulated: isSimulated ?? false };
}
