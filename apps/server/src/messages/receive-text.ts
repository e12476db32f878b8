import {
  classifyAddress,
  isTollFree,
  type Message,
  type OptOutKeyword,
  parseOptOutKeyword,
} from "@livechat/shared";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { recordConsent } from "../contacts/record-consent.ts";
import type { Database, Tables } from "../platform/database.ts";
import { faultPoint } from "../platform/fault-point.ts";
import { appendEvents } from "../realtime/event-log.ts";
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
export type EnqueueMedia = (
  trx: Transaction<Tables>,
  mediaId: string,
  workspaceId: string,
) => Promise<void>;

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
  return first(await receiveTextsIn(trx, [text], enqueueMedia));
}

/**
 * As {@link receiveTextIn}, for several texts of one workspace, each of another
 * sender: they are stored together or not at all, and each is answered in its place.
 */
export async function receiveTextsIn(
  trx: Transaction<Tables>,
  texts: readonly ReceivedText[],
  enqueueMedia?: EnqueueMedia,
): Promise<ReceiveOutcome[]> {
  const { workspaceId } = first(texts);
  const outcomes = new Map<ReceivedText, ReceiveOutcome>();
  const arrived: ReceivedText[] = [];
  const changed: MessageRow[] = [];
  const fresh = await recordReceipts(trx, texts);
  faultPoint("receive_receipt_written");
  for (const text of fresh) {
    const reactedTo = await applyTapback(trx, text);
    if (reactedTo) {
      changed.push(reactedTo);
      outcomes.set(text, {
        outcome: "reacted",
        messageId: reactedTo.id,
        contactId: reactedTo.contact_id,
      });
    } else arrived.push(text);
  }
  const stored = await storeTexts(trx, workspaceId, arrived, enqueueMedia);
  for (const { text, contact, message, canceled } of stored) {
    changed.push(...canceled);
    outcomes.set(text, { outcome: "stored", messageId: message.id, contactId: contact.id });
  }
  // Last, because the counter of the log stays locked until the commit.
  await appendEvents(
    trx,
    workspaceId,
    stored.map(({ message, contact }) => ({
      type: "new_message",
      payload: { message, contact: presentContact(contact) },
    })),
  );
  for (const row of changed) await publishMessage(trx, row);
  faultPoint("receive_event_written");
  return texts.map((text) => outcomes.get(text) ?? { outcome: "duplicate" });
}

/** A text on its way in, with what is known of it so far. */
interface Arriving {
  text: ReceivedText;
  keyword: OptOutKeyword | null;
  /** Someone has read a text that this customer sent after it. */
  isPassed: boolean;
}

interface Stored {
  text: ReceivedText;
  contact: ContactRow;
  message: Message;
  /** Texts to the customer that this one made needless, or forbade. */
  canceled: MessageRow[];
}

async function storeTexts(
  trx: Transaction<Tables>,
  workspaceId: string,
  texts: readonly ReceivedText[],
  enqueueMedia: EnqueueMedia | undefined,
): Promise<Stored[]> {
  if (texts.length === 0) return [];
  const arriving: Arriving[] = [];
  for (const text of texts) {
    const isPassed = text.receivedAt !== undefined && (await isBeforeRead(trx, text));
    arriving.push({ text, keyword: readKeyword(text), isPassed });
  }
  const senders = await upsertContacts(trx, workspaceId, arriving);
  faultPoint("receive_contact_written");
  const placed = arriving.map((each) => ({ ...each, ...get(senders, each.text.from) }));
  const messages = await insertMessages(trx, workspaceId, placed);
  faultPoint("receive_message_written");
  const stored: Stored[] = [];
  for (const { text, keyword, contact, card } of placed) {
    const message = get(messages, text.messageSid);
    for (const { id } of message.media) await enqueueMedia?.(trx, id, workspaceId);
    if (keyword) await keepStatement(trx, text, keyword, card?.id ?? contact.id);
    const canceled =
      keyword === "STOP" ? await cancelWaitingTexts(trx, workspaceId, contact.id) : [];
    stored.push({ text, contact, message, canceled });
  }
  const answered = await cancelOnReply(
    trx,
    workspaceId,
    placed.map(({ text, contact }) => ({ contactId: contact.id, receivedAt: text.receivedAt })),
  );
  for (const each of stored) {
    each.canceled.push(...answered.filter((row) => row.contact_id === each.contact.id));
  }
  return stored;
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

/** Keeps each request once, and returns those that were not here yet. */
async function recordReceipts(
  trx: Transaction<Tables>,
  texts: readonly ReceivedText[],
): Promise<ReceivedText[]> {
  const given = texts.map(({ accountSid, messageSid, receipt }) => ({
    account_sid: accountSid,
    message_sid: messageSid,
    body: receipt.body.toString("base64"),
    headers: receipt.headers,
  }));
  const { rows } = await sql<{ account_sid: string; message_sid: string }>`
    insert into public.webhook_receipts
      (workspace_id, kind, account_sid, message_sid, body, headers, outcome)
    select
      ${first(texts).workspaceId}, 'inbound', given.account_sid, given.message_sid,
      decode(given.body, 'base64'), given.headers, 'accepted'
    from ${records(given, sql`account_sid text, message_sid text, body text, headers jsonb`)}
    -- In order, so that two servers that are brought the same can't wait for each other.
    order by given.account_sid, given.message_sid
    on conflict (workspace_id, account_sid, message_sid)
      where kind = 'inbound' and outcome = 'accepted'
      do nothing
    returning account_sid, message_sid
  `.execute(trx);
  const fresh = new Set(rows.map((row) => `${row.account_sid} ${row.message_sid}`));
  // Taken out once it is found: the same text twice among these is new only once.
  return texts.filter(({ accountSid, messageSid }) => fresh.delete(`${accountSid} ${messageSid}`));
}

/** These objects as rows of a table `given`. */
function records(objects: readonly object[], columns: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`jsonb_to_recordset(${JSON.stringify(objects)}::text::jsonb) as given (${columns})`;
}

/** A late text that is older than this is shown, but no longer calls for attention. */
const unreadHours = 24;

function timeOf({ receivedAt }: ReceivedText): RawBuilder<Date> {
  return receivedAt ? sql`${receivedAt.toISOString()}::timestamptz` : sql`now()`;
}

/** Someone may add or remove the same contact between two looks; not again and again. */
const maxLooks = 5;

/** The contact that a text is shown with, and the card of its number where that was merged into it. */
interface Sender {
  contact: ContactRow;
  card: ContactRow | null;
}

/** The contacts of these senders with what their texts change of them, by phone number. */
async function upsertContacts(
  trx: Transaction<Tables>,
  workspaceId: string,
  arriving: readonly Arriving[],
): Promise<Map<string, Sender>> {
  const returning = arriving.filter(({ keyword }) => keyword === "START");
  if (returning.length > 0) {
    await sql`
      delete from private.kept_opt_outs
      where workspace_id = ${workspaceId}
        and phone_number = any (${returning.map(({ text }) => text.from)}::text[])
    `.execute(trx);
  }
  const senders = new Map<string, Sender>();
  for (let look = 0; look < maxLooks && senders.size < arriving.length; look += 1) {
    const missing = () => arriving.filter(({ text }) => !senders.has(text.from));
    for (const row of await updateContacts(trx, workspaceId, missing())) {
      senders.set(row.phone_number, { contact: row, card: null });
    }
    if (senders.size === arriving.length) break;
    for (const row of await insertContacts(trx, workspaceId, missing())) {
      senders.set(row.phone_number, { contact: row, card: null });
    }
    if (senders.size === arriving.length) break;
    for (const sender of await updateSpeakers(trx, workspaceId, missing())) {
      senders.set(sender.card.phone_number, sender);
      // Whoever wrote from two numbers at once is shown as both texts left them.
      for (const [number, { contact, card }] of senders) {
        if (contact.id === sender.contact.id) {
          senders.set(number, { contact: sender.contact, card });
        }
      }
    }
  }
  for (const { text, keyword } of arriving) {
    const { contact, card } = get(senders, text.from);
    const own = card ?? contact;
    if (keyword !== "STOP" || text.receivedAt === undefined || own.opted_out_at !== null) continue;
    const out = await optOutLate(trx, own, contact.id, text);
    if (!out) continue;
    senders.set(text.from, {
      contact: card ? await getContact(trx, workspaceId, contact.id) : out,
      card: card ? out : null,
    });
  }
  return senders;
}

/** As {@link updateContacts}, for the numbers of contacts that were merged into another one. */
async function updateSpeakers(
  trx: Transaction<Tables>,
  workspaceId: string,
  arriving: readonly Arriving[],
): Promise<(Sender & { card: ContactRow })[]> {
  const senders: (Sender & { card: ContactRow })[] = [];
  for (const each of arriving) {
    const held = rowsOf([each]);
    // The card comes first, as everywhere.
    const { rows: cards } = await sql<ContactRow & { merged_into: string }>`
      update public.contacts known set ${optOutChange} from ${held} held
      where known.workspace_id = ${workspaceId} and known.phone_number = held.phone_number
        and known.merged_into is not null
      returning known.*
    `.execute(trx);
    const [card] = cards;
    if (!card) continue;
    const { rows } = await sql<ContactRow>`
      update public.contacts known set ${conversationChange} from ${held} held
      where known.workspace_id = ${workspaceId} and known.id = ${card.merged_into}
      returning known.*
    `.execute(trx);
    senders.push({ contact: first(rows), card });
  }
  return senders;
}

/** The texts as rows of a table `given`, with `at` beside what is told of each. */
function rowsOf(arriving: readonly Arriving[]): RawBuilder<unknown> {
  const given = arriving.map(({ text, keyword, isPassed }) => ({
    phone_number: text.from,
    address_type: classifyAddress(text.from),
    preview: text.body === "" && text.media.length > 0 ? "Attachment" : text.body,
    keyword,
    received_at: text.receivedAt?.toISOString() ?? null,
    is_passed: isPassed,
    our_number: text.to,
  }));
  const columns = sql`
    phone_number text, address_type text, preview text, keyword text, received_at timestamptz,
    is_passed boolean, our_number text
  `;
  return sql`(
    select *, coalesce(given.received_at, now()) as at,
      case
        when not given.is_passed
          and coalesce(given.received_at, now()) > now() - make_interval(hours => ${unreadHours})
          then 1
        else 0
      end as unread
    from ${records(given, columns)}
  )`;
}

/** What a text, `held`, changes of the conversation that it is shown in. */
const conversationChange = sql`
  -- A blocked contact's texts are kept and call nobody.
  unread_count = case
    when known.blocked_at is null then known.unread_count + held.unread else 0
  end,
  conversation_status = case
    when held.is_passed or known.blocked_at is not null then known.conversation_status
    else 'Open'
  end,
  snoozed_until = case when held.is_passed then known.snoozed_until end,
  waiting_since = case
    when known.blocked_at is not null or held.keyword = 'STOP' then null
    when held.is_passed or (
      known.last_message_direction = 'outbound' and known.last_message_at > held.at
    ) then known.waiting_since
    else least(known.waiting_since, held.at)
  end,
  last_message = case
    when known.last_message_at > held.at then known.last_message else held.preview
  end,
  last_message_at = greatest(known.last_message_at, held.at),
  last_message_direction = case
    when known.last_message_at > held.at then known.last_message_direction else 'inbound'
  end,
  last_message_by = case when known.last_message_at > held.at then known.last_message_by end,
  our_number = case
    when known.last_message_at > held.at then coalesce(known.our_number, held.our_number)
    else held.our_number
  end
`;

/** What it changes of the number that it came from. */
const optOutChange = sql`
  opted_out_at = case
    when held.keyword = 'STOP' and held.received_at is null
      then coalesce(known.opted_out_at, held.at)
    when held.keyword = 'START' and known.opted_out_at <= held.at then null
    else known.opted_out_at
  end
`;

async function updateContacts(
  trx: Transaction<Tables>,
  workspaceId: string,
  arriving: readonly Arriving[],
): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow>`
    with held as materialized (
      select c.id, given.* from ${rowsOf(arriving)} given
      join public.contacts c
        on c.workspace_id = ${workspaceId} and c.phone_number = given.phone_number
      -- In the order in which a change of several conversations takes them too, cards before all.
      order by c.merged_into is null, c.id for no key update of c
    )
    update public.contacts known set
      ${conversationChange}, ${optOutChange}
    from held
    where known.workspace_id = ${workspaceId} and known.id = held.id
      -- Held all the same, for what changes the contact that speaks for it.
      and known.merged_into is null
    returning known.*
  `.execute(trx);
  return rows;
}

async function insertContacts(
  trx: Transaction<Tables>,
  workspaceId: string,
  arriving: readonly Arriving[],
): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow>`
    insert into public.contacts (
      workspace_id, phone_number, address_type, unread_count, opted_out_at,
      last_message, last_message_at, last_message_direction, waiting_since, our_number
    )
    select
      ${workspaceId}, given.phone_number, given.address_type, given.unread,
      case when given.keyword = 'STOP' then given.at end,
      given.preview, given.at, 'inbound',
      case when given.keyword is distinct from 'STOP' then given.at end, given.our_number
    from ${rowsOf(arriving)} given
    order by given.phone_number
    on conflict (workspace_id, phone_number) do nothing
    returning *
  `.execute(trx);
  return rows;
}

/** Whether someone has read a text that this customer sent after a late one: then it is old news. */
async function isBeforeRead(trx: Transaction<Tables>, text: ReceivedText): Promise<boolean> {
  const { rows } = await sql<ContactRow & { merged_into: string | null }>`
    select * from public.contacts
    where workspace_id = ${text.workspaceId} and phone_number = ${text.from}
    for update
  `.execute(trx);
  const [own] = rows;
  if (!own) return false;
  const known = own.merged_into
    ? await getContact(trx, text.workspaceId, own.merged_into, { lock: true })
    : own;
  const newestRead = await sql<{ is_later: boolean }>`
    select created_at > ${timeOf(text)} as is_later from public.messages
    where workspace_id = ${text.workspaceId} and contact_id = ${known.id} and direction = 'inbound'
    order by created_at desc, id desc
    offset ${known.unread_count} limit 1
  `.execute(trx);
  return newestRead.rows[0]?.is_later ?? false;
}

/**
 * Only after the number's row is locked: a START that is arriving is then either
 * seen or comes next. Null when the customer has come back since.
 */
async function optOutLate(
  trx: Transaction<Tables>,
  own: ContactRow,
  contactId: string,
  text: ReceivedText,
): Promise<ContactRow | null> {
  const at = timeOf(text);
  const later = await sql<{ content: string }>`
    select content from public.messages
    where workspace_id = ${own.workspace_id} and contact_id = ${contactId}
      and from_number = ${text.from}
      and direction = 'inbound' and created_at > ${at} and length(content) <= 100
  `.execute(trx);
  if (later.rows.some(({ content }) => parseOptOutKeyword(content) === "START")) return null;
  const { rows } = await sql<ContactRow>`
    update public.contacts set opted_out_at = ${at}
    where workspace_id = ${own.workspace_id} and id = ${own.id}
    returning *
  `.execute(trx);
  return first(rows);
}

/** The messages of these texts, by their SID. */
async function insertMessages(
  trx: Transaction<Tables>,
  workspaceId: string,
  placed: readonly ({ text: ReceivedText } & Sender)[],
): Promise<Map<string, Message>> {
  const given = placed.map(({ text, contact, card }) => ({
    contact_id: contact.id,
    card_id: card?.id ?? null,
    content: text.body,
    message_type: text.media.length > 0 ? "media" : "text",
    twilio_sid: text.messageSid,
    from_number: text.from,
    to_number: text.to,
    num_segments: text.numSegments ?? null,
    received_at: text.receivedAt?.toISOString() ?? null,
  }));
  const columns = sql`
    contact_id uuid, card_id uuid, content text, message_type text, twilio_sid text, from_number text,
    to_number text, num_segments integer, received_at timestamptz
  `;
  const { rows } = await sql<MessageRow>`
    insert into public.messages (
      workspace_id, contact_id, card_id, direction, content, message_type, twilio_sid, status,
      from_number, to_number, num_segments, created_at
    )
    select
      ${workspaceId}, given.contact_id, given.card_id, 'inbound', given.content, given.message_type,
      given.twilio_sid, 'received', given.from_number, given.to_number, given.num_segments,
      coalesce(given.received_at, now())
    from ${records(given, columns)}
    returning *
  `.execute(trx);
  const bySid = new Map(rows.map((row) => [row.twilio_sid ?? "", row]));
  const media = await insertMedia(
    trx,
    workspaceId,
    placed.flatMap(({ text }) =>
      text.media.map(({ url, contentType }, position) => ({
        message_id: get(bySid, text.messageSid).id,
        position,
        content_type: contentType,
        source_url: url,
      })),
    ),
  );
  return new Map(
    [...bySid].map(([sid, row]) => [sid, presentMessage(row, media.get(row.id) ?? [])]),
  );
}

async function insertMedia(
  trx: Transaction<Tables>,
  workspaceId: string,
  given: readonly { message_id: string; position: number }[],
): Promise<Map<string, MessageMediaRow[]>> {
  if (given.length === 0) return new Map();
  const columns = sql`message_id uuid, position smallint, content_type text, source_url text`;
  const { rows } = await sql<MessageMediaRow & { message_id: string }>`
    insert into public.message_media (workspace_id, message_id, position, content_type, source_url)
    select
      ${workspaceId}, given.message_id, given.position, given.content_type, given.source_url
    from ${records(given, columns)}
    returning message_id, id, position, content_type, file_name, size_bytes, width, height, state
  `.execute(trx);
  rows.sort((a, b) => a.position - b.position);
  return Map.groupBy(rows, (row) => row.message_id);
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("There is none.");
  return item;
}

function get<T>(known: ReadonlyMap<string, T>, key: string): T {
  const value = known.get(key);
  if (value === undefined) throw new Error("A write returned no row for what it was given.");
  return value;
}
