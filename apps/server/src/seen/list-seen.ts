import type { SeenList } from "@livechat/shared";
import { sql } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import type { Database } from "../platform/database.ts";

/** Who of the team saw this conversation, the latest first. Throws `contact_not_found`. */
export async function listSeen(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<SeenList> {
  return database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    const { rows } = await sql<{ user_id: string; seen_at: Date }>`
      select user_id, seen_at from public.conversation_views
      where workspace_id = ${workspaceId} and contact_id = ${contactId}
      order by seen_at desc, user_id
    `.execute(trx);
    return {
      items: rows.map((row) => ({ userId: row.user_id, seenAt: row.seen_at.toISOString() })),
    };
  });
}
