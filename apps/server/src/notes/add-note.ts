import type { addNoteRequest, Note } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import { followContact } from "../contacts/get-contact.ts";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cleanText } from "./clean-text.ts";
import { findNote, presentNote, setMentions } from "./notes-store.ts";

/**
 * Adds a note to a conversation, once per id, and calls those whom it mentions. It
 * has no way to a carrier. Throws `contact_not_found`, `invalid_request` for a
 * mention of someone who is no member, `conflict` for an id that another note has.
 */
export async function addNote(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  request: z.output<typeof addNoteRequest>,
): Promise<Note> {
  const key = { workspaceId, noteId: request.id };
  const body = cleanText(request.body);
  return database.asMember(userId, async (trx) => {
    const contact = await followContact(trx, workspaceId, contactId);
    const { rows } = await sql`
      insert into public.conversation_notes (id, workspace_id, contact_id, author_id, body)
      values (${request.id}, ${workspaceId}, ${contactId}, ${userId}, ${body})
      on conflict (id) do nothing
      returning id
    `.execute(trx);
    if (rows.length === 0) {
      const known = await findNote(trx, key);
      if (known?.contact_id === contact.id && known.author_id === userId && known.body === body) {
        return presentNote(known);
      }
      throw new DomainError("conflict", "Another note has this id. Add it with a new one.");
    }
    await setMentions(trx, key, request.mentionedIds);
    const row = await findNote(trx, key);
    if (!row) throw new Error("The note that was just added is not there.");
    const note = presentNote(row);
    await appendEvent(trx, workspaceId, "note_added", { note });
    return note;
  });
}
