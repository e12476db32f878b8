import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { cannedReplyNotFound } from "./canned-replies-store.ts";

/** Forgets a canned reply; texts written with it stay. Throws `canned_reply_not_found`. */
export async function deleteCannedReply(
  database: Database,
  userId: string,
  { workspaceId, cannedReplyId }: { workspaceId: string; cannedReplyId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { rows } = await sql`
      delete from public.canned_replies
      where workspace_id = ${workspaceId} and id = ${cannedReplyId}
      returning id
    `.execute(trx);
    if (rows.length === 0) throw cannedReplyNotFound();
    await appendEvent(trx, workspaceId, "canned_reply_removed", { cannedReplyId });
  });
}
