import {
  classifyAddress,
  isTollFree,
  type Message,
  type OptOutKeyword,
  parseOptOutKeyword,
} from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { recordConsent } from "../contacts/record-consent.ts";
import type { Database, Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { applyTapback } from "./apply-tapback.ts";
import { cancelOnReply } from "./cancel-on-reply.ts";
import { cancelWaitingTexts } from "./cancel-waiting-texts.ts";
import { publishMessage } from "./messages-store.ts";
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
  optOutType: OptOutKeyword | null;
  /** As the carrier counts them; null where it did not say. */
  numSegments?: number | null;
  /** When the carrier received it, of a text that comes late: it then takes its place in the past. */
  receivedAt?: Date;
  /** The request as it came, kept so that nothing is lost to a mistake of ours. */
  receipt: { body: Buffer; headers: Record<string, string> };
}

/**
 * What became of a report. `reacted` made it a reaction to another text instead
 * of a text; `duplicate` changed nothing: this text is here already.
 */
export type ReceiveOutcome =
  | { outcome: "stored" | "reacted"; messageId: string; contactId: string }
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
  return database.asSystem((trx) => receiveTextIn(trx, text, enqueueMedia));
}

/** As {@link receiveText}, in a transaction of the server's own that does more than this. */
export async function receiveTextIn(
  trx: Transaction<Tables>,
  text: ReceivedText,
  enqueueMedia?: EnqueueMedia,
): Promise<ReceiveOutcome> {
  if (!(await recordReceipt(trx, text))) return { outcome: "duplicate" };
  faultPoint("receive_receipt_written");
  const reactedTo = await applyTapback(trx, text);
  if (reactedTo) {
    await publishMessage(trx, reactedTo);
    return { outcome: "reacted", messageId: reactedTo.id, contactId: reactedTo.contact_id };
  }
  const keyword = readKeyword(text);
  const contact = await upsertContact(trx, text, keyword);
  faultPoint("receive_contact_written");
  const message = await insertMessage(trx, text, contact.id);
  faultPoint("receive_message_written");
  for (const { id } of message.media) await enqueueMedia?.(trx, id);
  if (keyword) await keepStatement(trx, text, keyword, contact.id);
  const canceled = [
    ...(keyword === "STOP" ? await cancelWaitingTexts(trx, text.workspaceId, contact.id) : []),
    ...(await cancelOnReply(trx, text, contact.id)),
  ];
  // Last, because the counter of the log stays locked until the commit.
  await appendEvent(trx, text.workspaceId, "new_message", {
    message,
    contact: presentContact(contact),
  });
  for (const row of canceled) await publishMessage(trx, row);
  faultPoint("receive_event_written");
  return { outcome: "stored", messageId: message.id, contactId: contact.id };
}

/** What the text asks of the carrier's opt-out list; the carrier's own word for it comes first. */
function readKeyword({ optOutType, body, to }: ReceivedText): OptOutKeyword | null {
  if (optOutType) return optOutType;
  const keyword = parseOptOutKeyword(body);
  // Toll-free numbers take nobody back for a YES. Source: Twilio, "Toll-free opt-out keywords".
  return keyword === "START" && isTollFree(to) && /^\s*yes\b/i.test(body) ? null : keyword;
}

async function keepStatement(
  trx: Transaction<Tables>,
  text: ReceivedText,
  keyword: OptOutKeyword,
  contactId: string,
): Promise<void> {
  if (keyword === "START" && !(await isOptedOutOnRecord(trx, text.workspaceId, contactId))) return;
  await recordConsent(trx, {
    workspaceId: text.workspaceId,
    contactId,
    action: actions[keyword],
    source: text.optOutType ? "opt_out_type" : "keyword",
    note: text.body.slice(0, 200),
    ourNumber: text.to,
    messageSid: text.messageSid,
    errorCode: null,
    ...(text.receivedAt ? { at: text.receivedAt } : {}),
  });
}

const actions = { STOP: "opted_out", START: "opted_in", HELP: "asked_for_help" } as const;

/** A "Yes" is a START only to someone who is out; to everyone else it is an answer. */
async function isOptedOutOnRecord(
  trx: Transaction<Tables>,
  workspaceId: string,
  contactId: string,
): Promise<boolean> {
  const { rows } = await sql<{ action: string }>`
    select action from public.contact_consents
    where workspace_id = ${workspaceId} and contact_id = ${contactId}
      and action <> 'asked_for_help'
    order by at desc, id desc limit 1
  `.execute(trx);
  return rows[0]?.action === "opted_out";
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

async function upsertContact(
  trx: Transaction<Tables>,
  text: ReceivedText,
  keyword: OptOutKeyword | null,
): Promise<ContactRow> {
  const preview = text.body === "" && text.media.length > 0 ? "Attachment" : text.body;
  const at = timeOf(text);
  const isLateStop = keyword === "STOP" && text.receivedAt !== undefined;
  const isPassed = text.receivedAt !== undefined && (await isBeforeRead(trx, text));
  if (keyword === "START") {
    await sql`
      delete from private.kept_opt_outs
      where workspace_id = ${text.workspaceId} and phone_number = ${text.from}
    `.execute(trx);
  }
  const { rows } = await sql<ContactRow>`
    insert into public.contacts as known (
      workspace_id, phone_number, address_type, unread_count, opted_out_at,
      last_message, last_message_at, last_message_direction, waiting_since
    )
    values (
      ${text.workspaceId}, ${text.from}, ${classifyAddress(text.from)},
      case
        when not ${isPassed}::boolean
          and ${at} > now() - make_interval(hours => ${unreadHours}) then 1
        else 0
      end,
      case when ${keyword}::text = 'STOP' then ${at} end,
      ${preview}, ${at}, 'inbound', case when ${keyword}::text is distinct from 'STOP' then ${at} end
    )
    on conflict (workspace_id, phone_number) do update set
      -- A blocked contact's texts are kept and call nobody.
      unread_count = case
        when known.blocked_at is null then known.unread_count + excluded.unread_count else 0
      end,
      conversation_status = case
        when ${isPassed}::boolean or known.blocked_at is not null then known.conversation_status
        else 'Open'
      end,
      snoozed_until = case when ${isPassed}::boolean then known.snoozed_until end,
      waiting_since = case
        when known.blocked_at is not null or ${keyword}::text = 'STOP' then null
        when ${isPassed}::boolean or (
          known.last_message_direction = 'outbound'
          and known.last_message_at > excluded.last_message_at
        ) then known.waiting_since
        else least(known.waiting_since, excluded.waiting_since)
      end,
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
      end,
      last_message_by = case
        when known.last_message_at > excluded.last_message_at then known.last_message_by
      end
    returning *
  `.execute(trx);
  const contact = first(rows);
  if (!isLateStop || contact.opted_out_at !== null) return contact;
  return optOutLate(trx, contact, at);
}

/** Whether someone has read a text that this customer sent after a late one: then it is old news. */
async function isBeforeRead(trx: Transaction<Tables>, text: ReceivedText): Promise<boolean> {
  const { rows } = await sql<{ id: string; unread_count: number }>`
    select id, unread_count from public.contacts
    where workspace_id = ${text.workspaceId} and phone_number = ${text.from}
    for update
  `.execute(trx);
  const [known] = rows;
  if (!known) return false;
  const newestRead = await sql<{ is_later: boolean }>`
    select created_at > ${timeOf(text)} as is_later from public.messages
    where workspace_id = ${text.workspaceId} and contact_id = ${known.id} and direction = 'inbound'
    order by created_at desc, id desc
    offset ${known.unread_count} limit 1
  `.execute(trx);
  return newestRead.rows[0]?.is_later ?? false;
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
      from_number, to_number, num_segments, created_at
    )
    values (
      ${text.workspaceId}, ${contactId}, 'inbound', ${text.body},
      ${text.media.length > 0 ? "media" : "text"}, ${text.messageSid}, 'received',
      ${text.from}, ${text.to}, ${text.numSegments ?? null}, ${timeOf(text)}
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
