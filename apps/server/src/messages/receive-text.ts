import { classifyAddress, type Message, parseOptOutKeyword } from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import type { Database, Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
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
  /** When the carrier received it, of a text that comes late: it then takes its place in the past. */
  receivedAt?: Date;
  /** The request as it came, kept so that nothing is lost to a mistake of ours. */
  receipt: { body: Buffer; headers: Record<string, string> };
}

/** What became of a report. `duplicate` changed nothing: this text is here already. */
export type ReceiveOutcome =
  | { outcome: "stored"; messageId: string; contactId: string }
  | { outcome: "duplicate" };

/** Asks, in the same transaction, for a file to be copied from the carrier into our store. */
export type EnqueueMedia = (trx: Transaction<Tables>, mediaId: string) => Promise<void>;

/**
 * Stores a received text once, however often and however many at a time it is
 * reported: receipt, contact, message, unread count, the jobs for its files and
 * the event commit together or not at all. A text that comes late changes the
 * contact's last message, and whether they opted out, only where nothing newer
 * has. Throws what the database throws; then nothing was stored, and the carrier
 * must be told so.
 */
export async function receiveText(
  database: Database,
  text: ReceivedText,
  enqueueMedia?: EnqueueMedia,
): Promise<ReceiveOutcome> {
  return database.asSystem(async (trx) => {
    if (!(await recordReceipt(trx, text))) return { outcome: "duplicate" };
    faultPoint("receive_receipt_written");
    const contact = await upsertContact(trx, text);
    faultPoint("receive_contact_written");
    const message = await insertMessage(trx, text, contact.id);
    faultPoint("receive_message_written");
    for (const { id } of message.media) await enqueueMedia?.(trx, id);
    // Last, because the counter of the log stays locked until the commit.
    await appendEvent(trx, text.workspaceId, "new_message", {
      message,
      contact: presentContact(contact),
    });
    faultPoint("receive_event_written");
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

/** A late text that is older than this is shown, but no longer calls for attention. */
const unreadHours = 24;

function timeOf({ receivedAt }: ReceivedText): RawBuilder<Date> {
  return receivedAt ? sql`${receivedAt.toISOString()}::timestamptz` : sql`now()`;
}

async function upsertContact(trx: Transaction<Tables>, text: ReceivedText): Promise<ContactRow> {
  const preview = text.body === "" && text.media.length > 0 ? "Attachment" : text.body;
  const keyword = text.optOutType ?? parseOptOutKeyword(text.body);
  const at = timeOf(text);
  const isLateStop = keyword === "STOP" && text.receivedAt !== undefined;
  const { rows } = await sql<ContactRow>`
    insert into public.contacts as known (
      workspace_id, phone_number, address_type, unread_count, opted_out_at,
      last_message, last_message_at, last_message_direction
    )
    values (
      ${text.workspaceId}, ${text.from}, ${classifyAddress(text.from)},
      case when ${at} > now() - make_interval(hours => ${unreadHours}) then 1 else 0 end,
      case when ${keyword}::text = 'STOP' then ${at} end,
      ${preview}, ${at}, 'inbound'
    )
    on conflict (workspace_id, phone_number) do update set
      unread_count = known.unread_count + excluded.unread_count,
      conversation_status = 'Open',
      opted_out_at = case
        when ${keyword}::text = 'STOP' and not ${isLateStop}::boolean
          then coalesce(known.opted_out_at, excluded.last_message_at)
        when ${keyword}::text = 'START' and known.opted_out_at <= excluded.last_message_at then null
        else known.opted_out_at
      end,
      last_message = case
        when known.last_message_at > excluded.last_message_at then known.last_message
        else excluded.last_message
      end,
      last_message_at = greatest(known.last_message_at, excluded.last_message_at),
      last_message_direction = case
        when known.last_message_at > excluded.last_message_at then known.last_message_direction
        else 'inbound'
      end
    returning *
  `.execute(trx);
  const contact = first(rows);
  if (!isLateStop || contact.opted_out_at !== null) return contact;
  return optOutLate(trx, contact, at);
}

/** Only after the contact is locked: a START that is arriving is then either seen or comes next. */
async function optOutLate(
  trx: Transaction<Tables>,
  contact: ContactRow,
  at: RawBuilder<Date>,
): Promise<ContactRow> {
  const later = await sql<{ content: string }>`
    select content from public.messages
    where workspace_id = ${contact.workspace_id} and contact_id = ${contact.id}
      and direction = 'inbound' and created_at > ${at} and length(content) <= 100
  `.execute(trx);
  const hasReturned = later.rows.some(({ content }) => parseOptOutKeyword(content) === "START");
  if (hasReturned) return contact;
  const { rows } = await sql<ContactRow>`
    update public.contacts set opted_out_at = ${at}
    where workspace_id = ${contact.workspace_id} and id = ${contact.id}
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
      from_number, to_number, created_at
    )
    values (
      ${text.workspaceId}, ${contactId}, 'inbound', ${text.body},
      ${text.media.length > 0 ? "media" : "text"}, ${text.messageSid}, 'received',
      ${text.from}, ${text.to}, ${timeOf(text)}
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

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (!row) throw new Error("An insert returned no row.");
  return row;
}
