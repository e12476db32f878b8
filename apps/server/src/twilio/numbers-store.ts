import type { TwilioNumber } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../platform/database.ts";
import type { CarrierNumber } from "./twilio-client.ts";
import { buildSmsUrl } from "./webhook-urls.ts";

interface NumberRow {
  id: string;
  phone_number: string;
  twilio_sid: string;
  friendly_name: string | null;
  capabilities: Partial<Record<"sms" | "mms" | "voice", boolean>>;
  sms_url: string | null;
}

/** A workspace's numbers, in the order in which they came. */
export async function listNumbers(
  trx: Transaction<Tables>,
  workspaceId: string,
  baseUrl: string,
): Promise<TwilioNumber[]> {
  const { rows } = await sql<NumberRow>`
    select id, phone_number, twilio_sid, friendly_name, capabilities, sms_url
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
  }));
}

/** Makes the workspace's numbers those that the carrier lists: added, changed and removed alike. */
export async function replaceNumbers(
  trx: Transaction<Tables>,
  workspaceId: string,
  numbers: readonly CarrierNumber[],
): Promise<void> {
  // First, because a number that moved to another account comes back under another SID.
  await sql`
    delete from public.twilio_numbers
    where workspace_id = ${workspaceId}
      and not (twilio_sid || ' ' || phone_number = any (
        ${numbers.map((number) => `${number.sid} ${number.phoneNumber}`)}::text[]
      ))
  `.execute(trx);
  for (const number of numbers) {
    await sql`
      insert into public.twilio_numbers (
        workspace_id, phone_number, twilio_sid, friendly_name, capabilities, sms_url
      )
      values (
        ${workspaceId}, ${number.phoneNumber}, ${number.sid}, ${number.friendlyName},
        ${JSON.stringify(number.capabilities)}::text::jsonb, ${number.smsUrl}
      )
      on conflict (workspace_id, twilio_sid) do update set
        friendly_name = excluded.friendly_name,
        capabilities = excluded.capabilities,
        sms_url = excluded.sms_url
    `.execute(trx);
  }
}
