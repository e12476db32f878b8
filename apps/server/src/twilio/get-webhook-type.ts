import type { TwilioConfig } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

/** Whether numbers or services carry the workspace's address. */
export async function getWebhookType(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<TwilioConfig["webhookType"]> {
  const { rows } = await sql<{ webhook_type: TwilioConfig["webhookType"] }>`
    select webhook_type from public.workspace_twilio_config where workspace_id = ${workspaceId}
  `.execute(trx);
  return rows[0]?.webhook_type ?? "per_number";
}
