import type { CannedReply, SaveCannedReplyRequest } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  type CannedReplyRow,
  cannedReplyNotFound,
  cleanContent,
  presentCannedReply,
  shortcutTaken,
} from "./canned-replies-store.ts";

/** Gives a canned reply another shortcut or text. Throws `canned_reply_not_found`, `shortcut_taken`. */
export async function updateCannedReply(
  database: Database,
  userId: string,
  { workspaceId, cannedReplyId }: { workspaceId: string; cannedReplyId: string },
  { shortcut, content }: SaveCannedReplyRequest,
): Promise<CannedReply> {
  return database.asMember(userId, async (trx) => {
    const { rows: others } = await sql`
      select from public.canned_replies
      where workspace_id = ${workspaceId} and shortcut = ${shortcut} and id <> ${cannedReplyId}
    `.execute(trx);
    if (others.length > 0) throw shortcutTaken(shortcut);
    const { rows } = await sql<CannedReplyRow>`
      update public.canned_replies set shortcut = ${shortcut}, content = ${cleanContent(content)}
      where workspace_id = ${workspaceId} and id = ${cannedReplyId}
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw cannedReplyNotFound();
    const cannedReply = presentCannedReply(row);
    await appendEvent(trx, workspaceId, "canned_reply_saved", { cannedReply });
    return cannedReply;
  });
}
