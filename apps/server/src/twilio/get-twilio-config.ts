import type { TwilioConfig } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { findSimulator } from "../simulator/start-simulator.ts";
import { listNumbers, listServices } from "./numbers-store.ts";
import { buildWebhookUrl } from "./webhook-urls.ts";

interface ConfigRow {
  account_sid: string;
  account_name: string | null;
  account_type: TwilioConfig["accountType"];
  account_status: string | null;
  auth_token_last4: string | null;
  next_auth_token_last4: string | null;
  api_key_sid: string | null;
  api_key_secret_last4: string | null;
  webhook_type: TwilioConfig["webhookType"];
  messaging_service_sid: string | null;
  is_configured: boolean;
}

/** How a workspace is connected; never a secret. Throws what the database throws. */
export async function getTwilioConfig(
  { database, config }: Context,
  caller: { userId: string },
  workspaceId: string,
): Promise<TwilioConfig> {
  const connection = await database.asMember(caller.userId, async (trx) => {
    const { rows } = await sql<ConfigRow>`
      select c.account_sid, c.account_name, c.account_type, c.account_status,
        c.auth_token_last4, c.next_auth_token_last4, c.api_key_sid, c.api_key_secret_last4,
        c.webhook_type, c.is_configured,
        case when s.default_sender like 'MG%' then s.default_sender end as messaging_service_sid
      from public.workspace_twilio_config c
      left join public.workspace_sending s on s.workspace_id = c.workspace_id
      where c.workspace_id = ${workspaceId}
    `.execute(trx);
    const [row] = rows;
    return {
      isConfigured: row?.is_configured ?? false,
      accountSid: row?.account_sid ?? null,
      accountName: row?.account_name ?? null,
      accountType: row?.account_type ?? null,
      accountStatus: row?.account_status ?? null,
      authTokenLast4: row?.auth_token_last4 ?? null,
      nextAuthTokenLast4: row?.next_auth_token_last4 ?? null,
      apiKeySid: row?.api_key_sid ?? null,
      apiKeySecretLast4: row?.api_key_secret_last4 ?? null,
      webhookType: row?.webhook_type ?? "per_number",
      webhookUrl: buildWebhookUrl(config.baseUrl, workspaceId),
      messagingServiceSid: row?.messaging_service_sid ?? null,
      numbers: await listNumbers(trx, workspaceId, config.baseUrl),
      services: await listServices(trx, workspaceId),
    };
  });
  const { accountSid } = connection;
  const isSimulated = accountSid ? await findSimulator(database)?.recognise(accountSid) : false;
  return { ...connection, isSimulated: isSimulated ?? false };
}
