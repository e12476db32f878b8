import {
  cutSnippet,
  findMatches,
  type NoteSearchPage,
  readPhoneDigits,
  splitWords,
} from "@livechat/shared";
import { sql } from "kysely";
import * as z from "zod";
import { type ContactRow, presentContact } from "../contacts/present-contact.ts";
import { parseCursor, presentCursor, textTime } from "../http/cursor.ts";
import type { Database } from "../platform/database.ts";
import { listInOrder } from "./list-in-order.ts";
import { type SearchScope, writeSpan, writeWithin } from "./search-scope.ts";
import { writeTsQuery } from "./write-ts-query.ts";

const place = z.object({ at: textTime, id: z.uuid() });
const snippetLength = 140;

interface NoteRow {
  id: string;
  contact_id: string;
  author_id: string | null;
  body: string;
  created_at: Date;
}

/**
 * The notes that have every word of the query or one that begins with it, the
 * latest first. Throws `invalid_request` on a cursor that we did not make.
 */
export async function searchNotes(
  database: Database,
  userId: string,
  workspaceId: string,
  {
    q,
    cursor,
    limit,
    ...scope
  }: SearchScope & { q: string; cursor?: string | undefined; limit: number },
): Promise<NoteSearchPage> {
  const after = cursor === undefined ? null : parseCursor(place, cursor);
  const words = splitWords(q);
  return database.asMember(userId, async (trx) => {
    if (words.length === 0) return { items: [], nextCursor: null };
    const wanted = words.map((word) => ({ word, nearest: [] }));
    const { rows } = await sql<{ id: string; at: string }>`
      select id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from private.search_note_ids(
        ${workspaceId}, ${writeTsQuery(wanted, readPhoneDigits(q))},
        ${writeWithin(scope)}, ${writeSpan(scope)},
        ${after?.at ?? null}::text::timestamptz, ${after?.id ?? null}::uuid, ${limit + 1}
      )
    `.execute(trx);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const notes = await listInOrder<NoteRow>(
      trx,
      "conversation_notes",
      workspaceId,
      page.map(({ id }) => id),
    );
    const contacts = await listInOrder<ContactRow>(trx, "contacts", workspaceId, [
      ...new Set(notes.map((note) => note.contact_id)),
    ]);
    const byId = new Map(contacts.map((row) => [row.id, presentContact(row)]));
    return {
      items: notes.flatMap((note) => {
        const contact = byId.get(note.contact_id);
        if (!contact) return [];
        const snippet = cutSnippet(note.body, findMatches(note.body, words), snippetLength);
        return {
          noteId: note.id,
          contact,
          authorId: note.author_id,
          createdAt: note.created_at.toISOString(),
          snippet: { text: snippet.text, ranges: snippet.ranges.map(([from, to]) => [from, to]) },
        };
      }),
      nextCursor: last ? presentCursor<z.infer<typeof place>>(last) : null,
    };
  });
}
