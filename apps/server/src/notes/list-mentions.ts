import type { MentionList } from "@livechat/shared";
import { sql } from "kysely";
import * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { type NoteRow, noteColumns, presentNote } from "./notes-store.ts";

const place = z.object({ at: textTime, id: z.uuid() });
type Place = z.infer<typeof place>;

/** The notes that call the caller, the latest first. Throws `workspace_not_found`, and `invalid_request` on a cursor that we did not make. */
export async function listMentions(
  database: Database,
  userId: string,
  workspaceId: string,
  query: { cursor?: string | undefined; limit: number },
): Promise<MentionList> {
  const after = query.cursor === undefined ? null : parseCursor(place, query.cursor);
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    const rest = after
      ? sql`(own.created_at, own.note_id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`
      : sql`true`;
    const { rows } = await sql<NoteRow & { read_at: Date | null; place_at: string }>`
      select ${noteColumns}, own.read_at,
        to_char(own.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place_at
      from public.note_mentions own
      join public.conversation_notes n on n.workspace_id = own.workspace_id and n.id = own.note_id
      join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      where own.workspace_id = ${workspaceId} and own.user_id = ${userId} and ${rest}
      order by own.created_at desc, own.note_id desc
      limit ${query.limit + 1}
    `.execute(trx);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    const ids = [...new Set(page.map((row) => row.contact_id))];
    const contacts = await sql<ContactRow>`
      select * from public.contacts
      where workspace_id = ${workspaceId} and id = any (${`{${ids.join(",")}}`}::text::uuid[])
    `.execute(trx);
    return {
      epoch,
      asOfSeq: head,
      items: page.map((row) => ({ note: presentNote(row), isRead: row.read_at !== null })),
      contacts: contacts.rows.map(presentContact),
      nextCursor: last ? presentCursor<Place>({ at: last.place_at, id: last.id }) : null,
    };
  });
}
