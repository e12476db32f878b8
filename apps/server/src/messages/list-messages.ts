import { compareMessages, type MessageList } from "@livechat/shared";
import { sql, type Transaction } from "kysely";
import * as z from "zod";
import { getContact } from "../contacts/get-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import { listBeside } from "../notes/notes-store.ts";
import type { Database, Tables } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { type MessageMediaRow, type MessageRow, presentMessage } from "./present-message.ts";

const place = z.object({ at: textTime, id: z.uuid() });
type Place = z.infer<typeof place>;

type PlacedRow = MessageRow & { place_at: string };

/**
 * A page of a thread, oldest first: the newest page without a cursor, else the
 * one before it, with what agents noted and did in the time of it. Throws `contact_not_found`, `workspace_not_found`, or
 * `invalid_request` on a cursor that we did not make.
 */
export async function listMessages(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  query: { cursor?: string | undefined; limit: number },
): Promise<MessageList> {
  const before = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    await getContact(trx, workspaceId, contactId);
    const older = before
      ? sql`(m.created_at, m.id) < (${before.at}::text::timestamptz, ${before.id}::uuid)`
      : sql`true`;
    // A Date has milliseconds only: two texts within one would be skipped or shown twice.
    const { rows } = await sql<PlacedRow>`
      select m.*,
        to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
      from public.messages m
      where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId} and ${older}
      order by m.created_at desc, m.id desc
      limit ${query.limit + 1}
    `.execute(trx);
    const page = rows.slice(0, query.limit);
    const media = await listMedia(trx, workspaceId, page);
    const oldest = rows.length > query.limit ? page.at(-1) : undefined;
    const beside = await listBeside(
      trx,
      { workspaceId, contactId },
      { from: oldest?.place_at ?? null, before: before?.at ?? null },
    );
    return {
      epoch,
      asOfSeq: head,
      ...beside,
      items: page
        .map((row) => presentMessage(row, media.get(row.id) ?? []))
        // The browser's own order, in which a millisecond is one moment.
        .sort(compareMessages),
      olderCursor: oldest ? presentCursor<Place>({ at: oldest.place_at, id: oldest.id }) : null,
    };
  });
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
