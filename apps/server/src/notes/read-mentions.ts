import { sql } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";

/** Marks what calls the caller in one conversation as seen, and tells their other tabs. Throws `contact_not_found`. */
export async function readMentions(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    const { rows } = await sql`
      update public.note_mentions own set read_at = now()
      from public.conversation_notes n
      where own.workspace_id = ${workspaceId} and own.user_id = ${userId} and own.read_at is null
        and n.workspace_id = own.workspace_id and n.id = own.note_id
        and n.contact_id = ${contactId}
      returning own.note_id
    `.execute(trx);
    if (rows.length === 0) return;
    await appendEvent(trx, workspaceId, "mentions_read", { userId, contactId });
  });
}
