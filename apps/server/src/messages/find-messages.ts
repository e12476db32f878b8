import type { MessageMatches } from "@livechat/shared";
import { sql } from "kysely";
import { getContact } from "../contacts/get-contact.ts";
import type { Database } from "../platform/database.ts";

const maxMatches = 500;

/** Where in one conversation these words stand, whatever their case. Throws `contact_not_found`. */
export async function findMessages(
  database: Database,
  userId: string,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
  words: string,
): Promise<MessageMatches> {
  // Typed wildcards are letters, and Postgres text holds no NUL.
  const pattern = `%${words
    .replaceAll("\0", "")
    .toWellFormed()
    .replace(/[\\%_]/g, "\\$&")}%`;
  return database.asMember(userId, async (trx) => {
    await getContact(trx, workspaceId, contactId);
    const { rows } = await sql<{ id: string; created_at: Date }>`
      select id, created_at from public.messages
      where workspace_id = ${workspaceId} and contact_id = ${contactId} and content ilike ${pattern}
      order by created_at desc, id desc
      limit ${maxMatches + 1}
    `.execute(trx);
    return {
      items: rows
        .slice(0, maxMatches)
        .map((row) => ({ id: row.id, createdAt: row.created_at.toISOString() })),
      hasMore: rows.length > maxMatches,
    };
  });
}
