import {
  classifyAddress,
  type LogEventPayload,
  type Message,
  parseOptOutKeyword,
} from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import type { Database, Tables } from "../platform/database.ts";
import { type MessageMediaRow, type MessageRow, presentMessage } from "./present-message.ts";

/** A text that a carrier reports as received for a workspace. */
export interface ReceivedText {
  workspaceId: string;
  accountSid: string;
  messageSid: string;
  from: string;
  to: string;
  body: string;
  media: readonly { url: string; contentType: string }[];
  optOutType: string | null;
  /** The request as it came, kept so that nothing is lost to a mistake of ours. */
  receipt: { body: Buffer; headers: Record<string, string> };
}

/** What became of a report. `duplicate` changed nothing: this text is here already. */
export type ReceiveOutcome =
  | { outcome: "stored"; messageId: string; contactId: string }
  | { outcome: "duplicate" };

/**
 * Stores a received text once, however often and however many at a time it is
 * reported: receipt, contact, message, unread count and event commit together
 * or not at all. Throws what the database throws; then nothing was stored, and
 * the carrier must be told so.
 */
export async function receiveText(database: Database, text: ReceivedText): Promise<ReceiveOutcome> {
  return database.asSystem(async (trx) => {
    if (!(await recordReceipt(trx, text))) return { outcome: "duplicate" };
    const contact = await upsertContact(trx, text);
    const message = await insertMessage(trx, text, contact.id);
    // Last, because the counter of the log stays locked until the commit.
    await appendEvent(trx, text.workspaceId, { message, contact: presentContact(contact) });
    return { outcome: "stored", messageId: message.id, contactId: contact.id };
  });
}

async function recordReceipt(trx: Transaction<Tables>, text: ReceivedText): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into public.webhook_receipts
      (workspace_id, kind, account_sid, message_sid, body, headers, outcome)
    values (
      ${text.workspaceId}, 'inbound', ${text.accountSid}, ${text.messageSid},
      ${text.receipt.body}, ${JSON.stringify(text.receipt.headers)}::text::jsonb, 'accepted'
    )
    on conflict (workspace_id, account_sid, message_sid)
      where kind = 'inbound' and outcome = 'accepted'
      do nothing
    returning id
  `.execute(trx);
  return rows.length === 1;
}

async function upsertContact(trx: Transaction<Tables>, text: ReceivedText): Promise<ContactRow> {
  const preview = text.body === "" && text.media.length > 0 ? "Attachment" : text.body;
  const keyword = text.optOutType ?? parseOptOutKeyword(text.body);
  const { rows } = await sql<ContactRow>`
    insert into public.contacts as known (
      workspace_id, phone_number, address_type, unread_count, opted_out_at,
      last_message, last_message_at, last_message_direction
    )
    values (
      ${text.workspaceId}, ${text.from}, ${classifyAddress(text.from)}, 1,
      case when ${keyword}::text = 'STOP' then now() end,
      ${preview}, now(), 'inbound'
    )
    on conflict (workspace_id, phone_number) do update set
      unread_count = known.unread_count + 1,
      conversation_status = 'Open',
      opted_out_at = case ${keyword}::text
        when 'STOP' then coalesce(known.opted_out_at, now())
        when 'START' then null
        else known.opted_out_at
      end,
      last_message = excluded.last_message,
      last_message_at = excluded.last_message_at,
      last_message_direction = 'inbound'
    returning *
  `.execute(trx);
  return first(rows);
}

async function insertMessage(
  trx: Transaction<Tables>,
  text: ReceivedText,
  contactId: string,
): Promise<Message> {
  const { rows } = await sql<MessageRow>`
    insert into public.messages (
      workspace_id, contact_id, direction, content, message_type, twilio_sid, status,
      from_number, to_number
    )
    values (
      ${text.workspaceId}, ${contactId}, 'inbound', ${text.body},
      ${text.media.length > 0 ? "media" : "text"}, ${text.messageSid}, 'received',
      ${text.from}, ${text.to}
    )
    returning *
  `.execute(trx);
  const message = first(rows);
  const media: MessageMediaRow[] = [];
  for (const [position, medium] of text.media.entries()) {
    const inserted = await sql<MessageMediaRow>`
      insert into public.message_media (workspace_id, message_id, position, content_type, source_url)
      values (${text.workspaceId}, ${message.id}, ${position}, ${medium.contentType}, ${medium.url})
      returning id, position, content_type, file_name, size_bytes, width, height, state
    `.execute(trx);
    media.push(first(inserted.rows));
  }
  return presentMessage(message, media);
}

async function appendEvent(
  trx: Transaction<Tables>,
  workspaceId: string,
  payload: LogEventPayload<"new_message">,
): Promise<void> {
  await sql`
    select private.append_workspace_event(
      ${workspaceId}, 'new_message', ${JSON.stringify(payload)}::text::jsonb
    )
  `.execute(trx);
}

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (!row) throw new Error("An insert returned no row.");
  return row;
}
