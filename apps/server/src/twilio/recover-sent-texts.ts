import { parseTwilioStatus } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import { findWaitingSince } from "../contacts/find-waiting-since.ts";
import { getContact } from "../contacts/get-contact.ts";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import type { Context } from "../context.ts";
import { replayStatuses } from "../messages/apply-status.ts";
import type { OutboundRow } from "../messages/messages-store.ts";
import { type MessageMediaRow, presentMessage } from "../messages/present-message.ts";
import { isCarrierCopy } from "../messages/settle-unconfirmed.ts";
import type { Tables } from "../platform/database.ts";
import { toStorableText } from "../platform/storable-text.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { explainError } from "./error-catalogue.ts";
import { isCut, readSpans } from "./read-spans.ts";
import type { CarrierMessage, TwilioCredentials } from "./twilio-client.ts";

/** Clocks differ. */
const overlapMs = 10 * 60_000;
/** Twilio holds a text back for up to ten hours, and lists it by the time when it went out. */
const settledMs = 12 * 3_600_000;

/** A time of which this database may lack texts that went out. */
export interface Gap {
  from: Date;
  until: Date;
}

/**
 * Stores the texts that went out between a copy of this database and its being put
 * back, as Twilio lists them: each once, in its place, and to contacts that are here
 * alone. What may be a text of ours whose fate is open is left to that text. Returns
 * how many. Throws as the back-fill does; safe to repeat.
 */
export async function recoverSentTexts(
  context: Context,
  workspaceId: string,
  {
    credentials,
    numbers,
    gap,
    now,
    signal,
  }: {
    credentials: TwilioCredentials;
    numbers: readonly string[];
    gap: Gap;
    now: Date;
    signal: AbortSignal | undefined;
  },
): Promise<number> {
  const since = new Date(gap.from.getTime() - overlapMs);
  const settledAt = new Date(gap.until.getTime() + settledMs);
  const until = now < settledAt ? now : settledAt;
  let recovered = 0;
  for (const from of numbers) {
    const spans = readSpans({ since, until }, async (bounds) => {
      const listed = await context.twilio.listMessages(credentials, { ...bounds, from });
      return isCut(listed, bounds) ? null : listed;
    });
    for await (const { texts } of spans) {
      const sent = texts
        .filter((text) => text.isFromApi && isWithin(text.dateCreated, gap))
        .reverse()
        .sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime());
      for (const text of await listMissing(context, workspaceId, sent)) {
        if (signal?.aborted) return recovered;
        if (await storeSent(context, workspaceId, credentials, text)) recovered += 1;
      }
    }
  }
  if (now >= settledAt) await closeGap(context, workspaceId, gap);
  return recovered;
}

function isWithin(at: Date, { from, until }: Gap): boolean {
  return at.getTime() >= from.getTime() - overlapMs && at <= until;
}

async function storeSent(
  context: Context,
  workspaceId: string,
  credentials: TwilioCredentials,
  listed: CarrierMessage,
): Promise<boolean> {
  const media = listed.numMedia > 0 ? await context.twilio.listMedia(credentials, listed.sid) : [];
  return context.database.asSystem(async (trx) => {
    const recipient = await lockRecipient(trx, workspaceId, listed.to);
    if (!recipient || (await mayBeOpen(trx, recipient.contact, listed))) return false;
    const { contact } = recipient;
    const row = await insertSent(trx, recipient, listed, media.length > 0);
    if (!row) return false;
    const files: MessageMediaRow[] = [];
    for (const [position, { url, contentType }] of media.entries()) {
      const { rows } = await sql<MessageMediaRow>`
        insert into public.message_media (workspace_id, message_id, position, content_type, source_url)
        values (${workspaceId}, ${row.id}, ${position}, ${contentType}, ${url})
        returning id, position, content_type, file_name, size_bytes, width, height, state
      `.execute(trx);
      for (const file of rows) {
        files.push(file);
        await context.jobs.enqueue(trx, "fetch_media", { workspaceId, mediaId: file.id });
      }
    }
    const updated = await showInPlace(trx, contact, row);
    await appendEvent(trx, workspaceId, "new_message", {
      message: presentMessage(row, files),
      contact: presentContact(updated),
    });
    // Reports that came since may say more than the list.
    await replayStatuses(trx, row, { isChanged: false });
    return true;
  });
}

/** Those that are not here, to contacts that are. */
async function listMissing(
  { database }: Context,
  workspaceId: string,
  sent: readonly CarrierMessage[],
): Promise<CarrierMessage[]> {
  const { rows } = await database.asSystem((trx) =>
    sql<{ sid: string }>`
      select listed.sid from unnest(
        ${sent.map(({ sid }) => sid)}::text[], ${sent.map(({ to }) => to)}::text[]
      ) as listed (sid, recipient)
      join public.contacts c
        on c.workspace_id = ${workspaceId} and c.phone_number = listed.recipient
        and c.deleted_at is null
      where not exists (
        select from public.messages m
        where m.workspace_id = ${workspaceId} and m.twilio_sid = listed.sid
      ) and not exists (
        select from public.message_attempts a
        where a.workspace_id = ${workspaceId} and a.twilio_sid = listed.sid
      )
    `.execute(trx),
  );
  const missing = new Set(rows.map(({ sid }) => sid));
  return sent.filter(({ sid }) => missing.has(sid));
}

/** The contact that a number is one of, and the card of the number where that was merged into it. */
interface Recipient {
  contact: ContactRow;
  cardId: string | null;
}

async function lockRecipient(
  trx: Transaction<Tables>,
  workspaceId: string,
  phoneNumber: string,
): Promise<Recipient | null> {
  const { rows } = await sql<ContactRow & { merged_into: string | null }>`
    select * from public.contacts
    where workspace_id = ${workspaceId} and phone_number = ${phoneNumber} and deleted_at is null
    for update
  `.execute(trx);
  const [own] = rows;
  if (!own?.merged_into) return own ? { contact: own, cardId: null } : null;
  const contact = await getContact(trx, workspaceId, own.merged_into, { lock: true });
  return { contact, cardId: own.id };
}

/** Whether a text of ours without a SID may be this one: then Twilio's list settles that text. */
async function mayBeOpen(
  trx: Transaction<Tables>,
  { workspace_id: workspaceId, id: contactId }: ContactRow,
  listed: CarrierMessage,
): Promise<boolean> {
  const { rows } = await sql<{ content: string }>`
    select content from public.messages
    where workspace_id = ${workspaceId} and contact_id = ${contactId} and direction = 'outbound'
      and twilio_sid is null and attempt > 0
      and status in ('pending', 'sending', 'unconfirmed', 'sent')
  `.execute(trx);
  return rows.some(({ content }) => isCarrierCopy(listed.body, content));
}

async function insertSent(
  trx: Transaction<Tables>,
  { contact: { workspace_id: workspaceId, id: contactId }, cardId }: Recipient,
  listed: CarrierMessage,
  hasMedia: boolean,
): Promise<OutboundRow | null> {
  const status = parseTwilioStatus(listed.status);
  const error =
    listed.errorCode === null
      ? null
      : explainError(
          listed.errorCode,
          listed.errorMessage ?? `Twilio reports error ${listed.errorCode}.`,
        );
  const { rows } = await sql<OutboundRow>`
    insert into public.messages (
      workspace_id, contact_id, card_id, direction, content, message_type, twilio_sid, status,
      error_code, error_message, from_number, to_number, num_segments, price, price_unit, attempt,
      sending_since, created_at, is_recovered
    )
    values (
      ${workspaceId}, ${contactId}, ${cardId}, 'outbound', ${toStorableText(listed.body)},
      ${hasMedia ? "media" : "text"}, ${listed.sid},
      ${status === null || status === "received" ? "sent" : status}, ${listed.errorCode}, ${error},
      ${listed.from}, ${listed.to}, ${listed.numSegments}, ${listed.price}::text::numeric,
      ${listed.price === null ? null : listed.priceUnit}, 1,
      ${listed.dateCreated.toISOString()}::timestamptz,
      -- Twilio's times have whole seconds: an answer follows what is here of its second.
      greatest(${listed.dateCreated.toISOString()}::timestamptz, (
        select max(m.created_at) + interval '1 millisecond' from public.messages m
        where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
          and m.created_at >= ${listed.dateCreated.toISOString()}::timestamptz
          and m.created_at < ${listed.dateCreated.toISOString()}::timestamptz + interval '1 second'
      )),
      true
    )
    on conflict (workspace_id, twilio_sid) do nothing
    returning *
  `.execute(trx);
  return rows[0] ?? null;
}

/** The contact as the list shows it with this text in its place. */
async function showInPlace(
  trx: Transaction<Tables>,
  contact: ContactRow,
  { content, created_at }: OutboundRow,
): Promise<ContactRow> {
  const change = async (assignments: ReturnType<typeof sql>): Promise<ContactRow> => {
    const { rows } = await sql<ContactRow>`
      update public.contacts set ${assignments}
      where workspace_id = ${contact.workspace_id} and id = ${contact.id}
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw new Error("A contact that is locked is gone.");
    return row;
  };
  const isLast = contact.last_message_at === null || contact.last_message_at <= created_at;
  const shown = isLast
    ? await change(sql`
        last_message = ${content === "" ? "Attachment" : content},
        last_message_at = ${created_at.toISOString()}::timestamptz,
        last_message_direction = 'outbound', last_message_by = null
      `)
    : contact;
  if (shown.waiting_since === null) return shown;
  const since = await findWaitingSince(trx, shown);
  return change(sql`waiting_since = ${since?.toISOString() ?? null}::text::timestamptz`);
}

async function closeGap({ database }: Context, workspaceId: string, { until }: Gap): Promise<void> {
  await database.asSystem((trx) =>
    sql`
      update public.workspace_twilio_config set gap_from = null, gap_until = null
      where workspace_id = ${workspaceId} and gap_until <= ${until.toISOString()}::timestamptz
        + interval '1 millisecond'
    `.execute(trx),
  );
}
