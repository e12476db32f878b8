import type { Note, updateNoteRequest } from "@livechat/shared";
import { sql } from "kysely";
import type * as z from "zod";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cleanText } from "./clean-text.ts";
import { findNote, getOwnNote, type NoteKey, presentNote, setMentions } from "./notes-store.ts";

/**
 * Changes a note of one's own; who is mentioned for the first time is called.
 * Throws `note_not_found`, `forbidden` for another's note, and `invalid_request`
 * for a mention of someone who is no member.
 */
export async function updateNote(
  database: Database,
  userId: string,
  key: NoteKey,
  request: z.output<typeof updateNoteRequest>,
): Promise<Note> {
  const body = cleanText(request.body);
  return database.asMember(userId, async (trx) => {
    const known = await getOwnNote(trx, key, userId);
    if (known.body !== body) {
      await sql`
        update public.conversation_notes set body = ${body}, edited_at = now()
        where workspace_id = ${key.workspaceId} and id = ${key.noteId}
      `.execute(trx);
    }
    await setMentions(trx, key, request.mentionedIds);
    const note = presentNote((await findNote(trx, key)) ?? known);
    if (JSON.stringify(note) !== JSON.stringify(presentNote(known))) {
      await appendEvent(trx, key.workspaceId, "note_updated", { note });
    }
    return note;
  });
}
