import type { MessagingService, TwilioNumber } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import { findServiceOf, type Line } from "./plan-webhooks.ts";
import { buildSmsUrl } from "./webhook-urls.ts";

interface NumberRow {
  id: string;
  phone_number: string;
  twilio_sid: string;
  friendly_name: string | null;
  capabilities: Partial<Record<"sms" | "mms" | "voice", boolean>>;
  sms_url: string | null;
  messaging_service_sid: string | null;
}

/** A workspace's numbers, in the order in which they came. */
export async function listNumbers(
  trx: Transaction<Tables>,
  workspaceId: string,
  baseUrl: string,
): Promise<TwilioNumber[]> {
  const { rows } = await sql<NumberRow>`
    select id, phone_number, twilio_sid, friendly_name, capabilities, sms_url,
      messaging_service_sid
    from public.twilio_numbers where workspace_id = ${workspaceId}
    order by created_at, phone_number
  `.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    phoneNumber: row.phone_number,
    twilioSid: row.twilio_sid,
    friendlyName: row.friendly_name,
    capabilities: {
      sms: row.capabilities.sms ?? false,
      mms: row.capabilities.mms ?? false,
      voice: row.capabilities.voice ?? false,
    },
    smsUrl: row.sms_url || null,
    expectedSmsUrl: buildSmsUrl(baseUrl, workspaceId),
    messagingServiceSid: row.messaging_service_sid,
  }));
}

/** The account's Messaging Services as they were read last, by name. */
export async function listServices(
  trx: Transaction<Tables>,
  workspaceId: string,
): Promise<MessagingService[]> {
  const { rows } = await sql<{ service_sid: string; friendly_name: string; numbers: string[] }>`
    select s.service_sid, s.friendly_name, array(
      select n.phone_number from public.twilio_numbers n
      where n.workspace_id = s.workspace_id and n.messaging_service_sid = s.service_sid
      order by n.phone_number
    ) as numbers
    from public.twilio_services s where s.workspace_id = ${workspaceId}
    order by lower(s.friendly_name), s.service_sid
  `.execute(trx);
  return rows.map((row) => ({
    sid: row.service_sid,
    name: row.friendly_name,
    numbers: row.numbers,
  }));
}

/** How a read of the account differed from the one before, by phone number. */
export interface NumberChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Makes the workspace's numbers and services those that the carrier lists: added, changed and removed alike. */
export async function replaceLine(
  trx: Transaction<Tables>,
  workspaceId: string,
  line: Line,
): Promise<NumberChanges> {
  // First, because a number that moved to another account comes back under another SID.
  const removed = await sql<{ phone_number: string }>`
    delete from public.twilio_numbers
    where workspace_id = ${workspaceId}
      and not (twilio_sid || ' ' || phone_number = any (
        ${line.numbers.map((number) => `${number.sid} ${number.phoneNumber}`)}::text[]
      ))
    returning phone_number
  `.execute(trx);
  const changes: NumberChanges = {
    added: [],
    changed: [],
    removed: removed.rows.map((row) => row.phone_number),
  };
  for (const number of line.numbers) {
    const service = findServiceOf(line, number);
    const { rows } = await sql<{ is_new: boolean }>`
      insert into public.twilio_numbers as known (
        workspace_id, phone_number, twilio_sid, friendly_name, capabilities,
        sms_url, sms_method, sms_fallback_url, sms_application_sid, messaging_service_sid
      )
      values (
        ${workspaceId}, ${number.phoneNumber}, ${number.sid}, ${number.friendlyName},
        ${JSON.stringify(number.capabilities)}::text::jsonb, ${number.smsUrl},
        ${number.smsMethod}, ${number.smsFallbackUrl}, ${number.smsApplicationSid},
        ${service?.sid ?? null}
      )
      on conflict (workspace_id, twilio_sid) do update set
        friendly_name = excluded.friendly_name,
        capabilities = excluded.capabilities,
        sms_url = excluded.sms_url,
        sms_method = excluded.sms_method,
        sms_fallback_url = excluded.sms_fallback_url,
        sms_application_sid = excluded.sms_application_sid,
        messaging_service_sid = excluded.messaging_service_sid
      where (
        known.friendly_name, known.capabilities, known.sms_url, known.sms_method,
        known.sms_fallback_url, known.sms_application_sid, known.messaging_service_sid
      ) is distinct from (
        excluded.friendly_name, excluded.capabilities, excluded.sms_url, excluded.sms_method,
        excluded.sms_fallback_url, excluded.sms_application_sid, excluded.messaging_service_sid
      )
      returning xmax = 0 as is_new
    `.execute(trx);
    const [row] = rows;
    if (row) changes[row.is_new ? "added" : "changed"].push(number.phoneNumber);
  }
  await replaceServices(trx, workspaceId, line);
  await sql`
    update public.workspace_twilio_config set numbers_synced_at = now()
    where workspace_id = ${workspaceId}
  `.execute(trx);
  return changes;
}

async function replaceServices(
  trx: Transaction<Tables>,
  workspaceId: string,
  { services }: Line,
): Promise<void> {
  await sql`
    delete from public.twilio_services
    where workspace_id = ${workspaceId}
      and not (service_sid = any (${services.map(({ sid }) => sid)}::text[]))
  `.execute(trx);
  for (const service of services) {
    await sql`
      insert into public.twilio_services (
        workspace_id, service_sid, friendly_name, inbound_url, uses_number_webhook
      )
      values (
        ${workspaceId}, ${service.sid}, ${service.name}, ${service.inboundUrl},
        ${service.usesNumberWebhook}
      )
      on conflict (workspace_id, service_sid) do update set
        friendly_name = excluded.friendly_name,
        inbound_url = excluded.inbound_url,
        uses_number_webhook = excluded.uses_number_webhook
    `.execute(trx);
  }
}
