import { type MessageStatus, parseTwilioStatus, rankStatus } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { presentContact } from "../contacts/present-contact.ts";
import type { Tables } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { explainError, optedOutErrorCode } from "../twilio/error-catalogue.ts";
import type { CarrierMessage } from "../twilio/twilio-client.ts";
import { optOut, recordSource } from "./apply-status.ts";
import { type OutboundRow, publishMessage } from "./messages-store.ts";

/**
 * Brings a text up to what the carrier itself has on record of it: its state,
 * where the record says more or settles a contradiction, what it cost, its
 * segments and its sender. A state never moves backwards and an error is never
 * erased. Tells the browsers if anything changed; nothing for a text that is not ours.
 */
export async function applyCarrierRecord(
  trx: Transaction<Tables>,
  { workspaceId, accountSid }: { workspaceId: string; accountSid: string },
  record: CarrierMessage,
): Promise<void> {
  const { rows } = await sql<OutboundRow>`
    select * from public.messages
    where workspace_id = ${workspaceId} and twilio_sid = ${record.sid} for update
  `.execute(trx);
  const [message] = rows;
  if (!message) return;
  const isOutbound = message.direction === "outbound";
  if (isOutbound) await keepRecord(trx, workspaceId, accountSid, message.id, record);
  const status = isOutbound ? chooseStatus(message.status, record.status) : message.status;
  const errorCode = isOutbound ? (message.error_code ?? record.errorCode) : message.error_code;
  const isNewError = errorCode !== message.error_code;
  const errorMessage = isNewError
    ? explainError(errorCode, record.errorMessage ?? `Twilio reports error ${errorCode}.`)
    : message.error_message;
  // Two final states have one rank, and only the carrier's record may choose between them.
  await sql`select set_config('livechat.carrier_record', ${message.id}, true)`.execute(trx);
  const changed = await sql<OutboundRow>`
    update public.messages set
      status = ${status}, error_code = ${errorCode}, error_message = ${errorMessage},
      needs_check = false,
      num_segments = coalesce(${record.numSegments}::integer, num_segments),
      price = coalesce(${record.price}::numeric, price),
      price_unit = case
        when ${record.price}::text is null then price_unit
        else coalesce(${record.priceUnit}::text, price_unit)
      end,
      from_number = coalesce(from_number, ${record.from}::text)
    where workspace_id = ${workspaceId} and id = ${message.id}
      and (
        needs_check
        or (status, error_code) is distinct from (${status}::text, ${errorCode}::integer)
        or (${record.numSegments}::integer is not null and num_segments is distinct from ${record.numSegments}::integer)
        or (${record.price}::numeric is not null and price is distinct from ${record.price}::numeric)
        or (from_number is null and ${record.from}::text is not null)
      )
    returning *
  `.execute(trx);
  await sql`select set_config('livechat.carrier_record', '', true)`.execute(trx);
  const [row] = changed.rows;
  if (!row) return;
  const contact = isNewError && errorCode === optedOutErrorCode ? await optOut(trx, row) : null;
  await publishMessage(trx, row);
  if (contact) {
    await appendEvent(trx, workspaceId, "contact_updated", { contact: presentContact(contact) });
  }
}

/** The record wins over a state of the same rank, and never lowers one. */
function chooseStatus(current: MessageStatus, word: string): MessageStatus {
  const recorded = parseTwilioStatus(word);
  if (recorded === null || recorded === "received") return current;
  return rankStatus(recorded) >= rankStatus(current) ? recorded : current;
}

async function keepRecord(
  trx: Transaction<Tables>,
  workspaceId: string,
  accountSid: string,
  messageId: string,
  record: CarrierMessage,
): Promise<void> {
  const payload = JSON.stringify({ source: recordSource, status: record.status });
  await sql`
    insert into public.message_status_events as known (
      workspace_id, message_id, account_sid, message_sid, status, error_code, error_message, payload
    )
    values (
      ${workspaceId}, ${messageId}, ${accountSid}, ${record.sid}, ${record.status},
      ${record.errorCode}, ${record.errorMessage}, ${payload}::text::jsonb
    )
    on conflict (workspace_id, account_sid, message_sid, status) do update
      set payload = coalesce(known.payload, '{}'::jsonb) || '{"isOnRecord": true}'::jsonb
  `.execute(trx);
}
