import type { TwilioConfig } from "@livechat/shared";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { getSending, presentSending } from "../messages/sending-store.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { appendAudit } from "../workspaces/append-audit.ts";
import { examineLine } from "./examine-line.ts";
import { listServices } from "./numbers-store.ts";
import { openDoor } from "./sync-numbers.ts";

interface ConfigChange {
  webhookType?: TwilioConfig["webhookType"] | undefined;
  messagingServiceSid?: string | null | undefined;
}

/**
 * Chooses who carries the webhook and what texts are sent through; what is
 * absent stays. Sets nothing at Twilio. Throws `twilio_not_connected`, and
 * `not_found` for a service that the account does not have.
 */
export async function updateTwilioConfig(
  context: Context,
  caller: { userId: string },
  workspaceId: string,
  { webhookType, messagingServiceSid }: ConfigChange,
): Promise<void> {
  const door = openDoor(context, caller);
  await door(async (trx) => {
    if (messagingServiceSid) {
      const services = await listServices(trx, workspaceId);
      if (!services.some(({ sid }) => sid === messagingServiceSid)) {
        throw new DomainError(
          "not_found",
          "There is no such Messaging Service. Read the numbers again.",
        );
      }
    }
    const { rows } = await sql`
      update public.workspace_twilio_config
      set webhook_type = coalesce(${webhookType ?? null}::text, webhook_type)
      where workspace_id = ${workspaceId} and is_configured
      returning workspace_id
    `.execute(trx);
    if (rows.length === 0) {
      throw new DomainError("twilio_not_connected", "Connect Twilio first.");
    }
    await appendAudit(trx, workspaceId, "twilio.config_changed", null, {
      ...(webhookType === undefined ? {} : { webhookType }),
      ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
    });
    if (messagingServiceSid === undefined) return;
    const changed = await sql`
      update public.workspace_sending set default_sender = ${messagingServiceSid}
      where workspace_id = ${workspaceId}
        -- A number that was chosen stays chosen.
        and (${messagingServiceSid}::text is not null or default_sender like 'MG%')
      returning workspace_id
    `.execute(trx);
    if (changed.rows.length === 0) return;
    const sending = presentSending(await getSending(trx, workspaceId));
    await appendEvent(trx, workspaceId, "sending_updated", { sending });
  });
  await examineLine(context, door, workspaceId);
}
