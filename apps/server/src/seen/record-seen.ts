import { sql } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import type { Database } from "../platform/database.ts";

/** A person who stays is written down again after this long, not with every look. */
const repeatAfterSeconds = 50;

/** Writes down that the caller has this conversation before their eyes. Throws `contact_not_found`. */
export async function recordSeen(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    await sql`
      insert into public.conversation_views as known (workspace_id, contact_id, user_id)
      values (${workspaceId}, ${contactId}, ${userId})
      on conflict (workspace_id, contact_id, user_id) do update set seen_at = now()
      where known.seen_at < now() - make_interval(secs => ${repeatAfterSeconds})
    `.execute(trx);
  });
}
