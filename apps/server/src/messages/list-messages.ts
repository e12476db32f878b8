import { compareMessages, type ListMessagesQuery, type MessageList } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import * as z from "zod";
import { DomainError } from "../errors.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import { listBeside } from "../notes/notes-store.ts";
import type { Database, Tables } from "../platform/database.ts";
import { type MessageMediaRow, type MessageRow, presentMessage } from "./present-message.ts";

const place = z.object({ at: textTime, id: z.uuid() });
type Place = z.infer<typeof place>;

type PlacedRow = MessageRow & { place_at: string };

/**
 * A page of a thread, oldest first, with what agents noted and did in the time
 * of it: the newest one when the query names no place, else the one before or
 * after a cursor, or the one around a text or a note. Throws `contact_not_found`,
 * `workspace_not_found`, `message_not_found` for what is not in this
 * conversation, or `invalid_request` on a cursor that we did not make.
 */
export async function listMessages(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  query: ListMessagesQuery,
): Promise<MessageList> {
  const before = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  const after = query.after === undefined ? null : parseCursor(place, query.after);
  return database.asMember(userId, async (trx) => {
    const thread = { workspaceId, contactId };
    const { epoch, head } = await getHeadOfThread(trx, thread);
    const page = query.around
      ? await readAround(trx, thread, query.around, query.limit)
      : after
        ? { ...(await readAfter(trx, thread, after, query.limit)), hasOlder: true }
        : { ...(await readBefore(trx, thread, before, query.limit)), hasNewer: before !== null };
    const media = await listMedia(trx, workspaceId, page.rows);
    const beside = await listBeside(trx, thread, {
      from: after?.at ?? (page.hasOlder ? (page.rows[0]?.place_at ?? null) : null),
      before: before?.at ?? (page.hasNewer ? (page.rows.at(-1)?.place_at ?? null) : null),
    });
    return {
      epoch,
      asOfSeq: head,
      ...beside,
      items: page.rows
        .map((row) => presentMessage(row, media.get(row.id) ?? []))
        // The browser's own order, in which a millisecond is one moment.
        .sort(compareMessages),
      olderCursor: page.hasOlder ? presentPlace(page.rows[0]) : null,
      newerCursor: page.hasNewer ? presentPlace(page.rows.at(-1)) : null,
    };
  });
}

interface Thread {
  workspaceId: string;
  contactId: string;
}

/** The log's end, in one look with whether the contact is there. */
async function getHeadOfThread(trx: Transaction<Tables>, { workspaceId, contactId }: Thread) {
  const { rows } = await sql<{ epoch: string; last_seq: string | number; has_contact: boolean }>`
    select s.epoch, s.last_seq, exists (
      select from public.contacts c where c.workspace_id = s.workspace_id and c.id = ${contactId}
    ) as has_contact
    from public.workspace_streams s where s.workspace_id = ${workspaceId}
  `.execute(trx);
  const [row] = rows;
  if (!row) throw new DomainError("workspace_not_found", "There is no such workspace for you.");
  if (!row.has_contact) {
    throw new DomainError("contact_not_found", "There is no such contact here.");
  }
  return { epoch: row.epoch, head: Number(row.last_seq) };
}

function presentPlace(row: PlacedRow | undefined): string | null {
  return row ? presentCursor<Place>({ at: row.place_at, id: row.id }) : null;
}

// A Date has milliseconds only: two texts within one would be skipped or shown twice.
const columns = sql`
  m.*, to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
`;
const placeOf = ({ at, id }: Place) => sql`(${at}::text::timestamptz, ${id}::uuid)`;

/** The last texts before a place, or of all; in the order of the thread. */
async function readBefore(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: Thread,
  before: Place | null,
  limit: number,
): Promise<{ rows: PlacedRow[]; hasOlder: boolean }> {
  const { rows } = await sql<PlacedRow>`
    select ${columns} from public.messages m
    where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
      and ${before ? sql`(m.created_at, m.id) < ${placeOf(before)}` : sql`true`}
    order by m.created_at desc, m.id desc
    limit ${limit + 1}
  `.execute(trx);
  return { rows: rows.slice(0, limit).reverse(), hasOlder: rows.length > limit };
}

/** The first texts after a place, in the order of the thread. */
async function readAfter(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: Thread,
  after: Place,
  limit: number,
): Promise<{ rows: PlacedRow[]; hasNewer: boolean }> {
  const { rows } = await sql<PlacedRow>`
    select ${columns} from public.messages m
    where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}
      and (m.created_at, m.id) > ${placeOf(after)}
    order by m.created_at, m.id
    limit ${limit + 1}
  `.execute(trx);
  return { rows: rows.slice(0, limit), hasNewer: rows.length > limit };
}

async function readAround(
  trx: Transaction<Tables>,
  thread: Thread,
  id: string,
  limit: number,
): Promise<{ rows: PlacedRow[]; hasOlder: boolean; hasNewer: boolean }> {
  const { rows } = await sql<PlacedRow>`
    select ${columns} from public.messages m
    where m.workspace_id = ${thread.workspaceId} and m.contact_id = ${thread.contactId}
      and m.id = ${id}
  `.execute(trx);
  const [middle] = rows;
  const at = middle ? { at: middle.place_at, id } : await findNotePlace(trx, thread, id);
  if (!at) throw new DomainError("message_not_found", "There is no such text or note here.");
  const older = await readBefore(trx, thread, at, Math.ceil(limit / 2));
  const newer = await readAfter(trx, thread, at, Math.floor(limit / 2));
  return {
    rows: [...older.rows, ...rows, ...newer.rows],
    hasOlder: older.hasOlder,
    hasNewer: newer.hasNewer,
  };
}

async function findNotePlace(
  trx: Transaction<Tables>,
  { workspaceId, contactId }: Thread,
  id: string,
): Promise<Place | null> {
  const { rows } = await sql<Place>`
    select id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from public.conversation_notes
    where workspace_id = ${workspaceId} and contact_id = ${contactId} and id = ${id}
  `.execute(trx);
  return rows[0] ?? null;
}

async function listMedia(
  trx: Transaction<Tables>,
  workspaceId: string,
  messages: readonly MessageRow[],
): Promise<Map<string, MessageMediaRow[]>> {
  const ids = messages.filter((row) => row.message_type === "media").map((row) => row.id);
  if (ids.length === 0) return new Map();
  const { rows } = await sql<MessageMediaRow & { message_id: string }>`
    select message_id, id, position, content_type, file_name, size_bytes, width, height, state
    from public.message_media
    where workspace_id = ${workspaceId} and message_id = any (${`{${ids.join(",")}}`}::text::uuid[])
    order by message_id, position
  `.execute(trx);
  return Map.groupBy(rows, (row) => row.message_id);
}
