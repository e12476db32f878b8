import type { WebhookPlan } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { getWebhookPlan, writeSettings } from "./apply-webhooks.ts";
import { examineLine } from "./examine-line.ts";
import { getCredentials } from "./find-credentials.ts";
import { isSameSettings, proposeFor } from "./plan-webhooks.ts";
import { openDoor, readLine, syncNumbers } from "./sync-numbers.ts";
import { findOpenChange } from "./webhook-changes-store.ts";

/**
 * Puts back at Twilio what was there before a change of ours. Throws `not_found`
 * when there is no such change or it was taken back, `conflict` when somebody
 * has changed it since, and what Twilio's refusals throw.
 */
export async function undoWebhook(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  changeId: string,
): Promise<WebhookPlan> {
  const credentials = await getCredentials(context, workspaceId);
  const door = openDoor(context, caller);
  const change = await door((trx) => findOpenChange(trx, workspaceId, changeId));
  if (!change) {
    throw new DomainError("not_found", "There is no such change, or it was taken back already.");
  }
  const line = await readLine(context, credentials);
  const place = { baseUrl: context.config.baseUrl, workspaceId, webhookType: "global" as const };
  const current = proposeFor(line, change.sid, place)?.current;
  if (!current) {
    throw new DomainError("not_found", `${change.label} is no longer in the Twilio account.`);
  }
  if (!isSameSettings(current, change.after)) {
    throw new DomainError(
      "conflict",
      `${change.label} has been changed at Twilio since: it posts to ${current.url ?? "no address"} now.`,
    );
  }
  await writeSettings(context, credentials, change, change.before);
  await door(async (trx) => {
    await sql`
      update public.twilio_webhook_changes set undone_at = now()
      where workspace_id = ${workspaceId} and id = ${changeId}
    `.execute(trx);
    await appendAudit(trx, workspaceId, "twilio.webhook_restored", change.label, {
      sid: change.sid,
      to: change.before.url,
    });
  });
  await syncNumbers(context, door, workspaceId, credentials);
  await examineLine(context, door, workspaceId);
  return getWebhookPlan(context, caller, workspaceId);
}
