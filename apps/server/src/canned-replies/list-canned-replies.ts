import type { CannedReplyList } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { type CannedReplyRow, presentCannedReply } from "./canned-replies-store.ts";

/** All canned replies of a workspace, by shortcut. Throws `workspace_not_found`. */
export async function listCannedReplies(
  database: Database,
  userId: string,
  workspaceId: string,
): Promise<CannedReplyList> {
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    const { rows } = await sql<CannedReplyRow>`
      select * from public.canned_replies where workspace_id = ${workspaceId} order by shortcut
    `.execute(trx);
    return { epoch, asOfSeq: head, items: rows.map(presentCannedReply) };
  });
}
