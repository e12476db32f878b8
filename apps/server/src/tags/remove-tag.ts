import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";

/** Removes a tag from the workspace and from every contact that wears it. Throws `tag_not_found`. */
export async function removeTag(
  database: Database,
  userId: string,
  { workspaceId, tagId }: { workspaceId: string; tagId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql`
      delete from public.tags where workspace_id = ${workspaceId} and id = ${tagId} returning id
    `.execute(trx);
    if (rows.length === 0) throw new DomainError("tag_not_found", "There is no such tag here.");
    await appendEvent(trx, workspaceId, "tag_removed", { tagId });
  });
}
