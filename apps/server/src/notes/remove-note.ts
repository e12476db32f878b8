import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { getOwnNote, type NoteKey } from "./notes-store.ts";

/** Removes a note of one's own, and what it called people to. Throws `note_not_found`, `forbidden` for another's. */
export async function removeNote(database: Database, userId: string, key: NoteKey): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const known = await getOwnNote(trx, key, userId);
    await sql`
      delete from public.conversation_notes
      where workspace_id = ${key.workspaceId} and id = ${key.noteId}
    `.execute(trx);
    await appendEvent(trx, key.workspaceId, "note_removed", {
      noteId: key.noteId,
      contactId: known.contact_id,
    });
  });
}
