import { type WebhookChange, webhookSettings } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";

const shownChanges = 20;

interface ChangeRow {
  id: string;
  target: WebhookChange["target"];
  target_sid: string;
  label: string;
  settings_before: unknown;
  settings_after: unknown;
  created_at: Date;
  undone_at: Date | null;
}

/** What was changed at Twilio, the latest first. */
export async function listWebhookChanges(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<WebhookChange[]> {
  const { rows } = await sql<ChangeRow>`
    select * from public.twilio_webhook_changes
    where workspace_id = ${workspaceId}
    order by created_at desc, id limit ${shownChanges}
  `.execute(trx);
  return rows.map(({ id, target, label, settings_before, settings_after, ...row }) => ({
    id,
    target,
    label,
    before: webhookSettings.parse(settings_before),
    after: webhookSettings.parse(settings_after),
    changedAt: row.created_at.toISOString(),
    undoneAt: row.undone_at?.toISOString() ?? null,
  }));
}

/** One change that can still be taken back; null when there is none, or it was. */
export async function findOpenChange(
  trx: Transaction<Tables>,
  workspaceId: string,
  changeId: string,
): Promise<
  (Pick<WebhookChange, "target" | "label" | "before" | "after"> & { sid: string }) | null
> {
  const { rows } = await sql<ChangeRow>`
    select * from public.twilio_webhook_changes
    where workspace_id = ${workspaceId} and id = ${changeId} and undone_at is null
  `.execute(trx);
  const [row] = rows;
  if (!row) return null;
  return {
    target: row.target,
    sid: row.target_sid,
    label: row.label,
    before: webhookSettings.parse(row.settings_before),
    after: webhookSettings.parse(row.settings_after),
  };
}
