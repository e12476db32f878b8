import type { CannedReply, SaveCannedReplyRequest } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  type CannedReplyRow,
  cleanContent,
  presentCannedReply,
  shortcutTaken,
} from "./canned-replies-store.ts";

const maxPerWorkspace = 1000;

/**
 * Keeps a text ready for all agents of the workspace. Throws `shortcut_taken`,
 * `invalid_request` for an empty text or one too many.
 */
export async function createCannedReply(
  database: Database,
  userId: string,
  workspaceId: string,
  { shortcut, content }: SaveCannedReplyRequest,
): Promise<CannedReply> {
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<CannedReplyRow>`
      insert into public.canned_replies (workspace_id, shortcut, content, created_by)
      select ${workspaceId}, ${shortcut}, ${cleanContent(content)}, ${userId}
      where (
        select count(*) from public.canned_replies where workspace_id = ${workspaceId}
      ) < ${maxPerWorkspace}
      on conflict (workspace_id, shortcut) do nothing
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw await explain();
    const cannedReply = presentCannedReply(row);
    await appendEvent(trx, workspaceId, "canned_reply_saved", { cannedReply });
    return cannedReply;

    async function explain(): Promise<DomainError> {
      const { rows: known } = await sql`
        select from public.canned_replies
        where workspace_id = ${workspaceId} and shortcut = ${shortcut}
      `.execute(trx);
      if (known.length > 0) return shortcutTaken(shortcut);
      return new DomainError(
        "invalid_request",
        `A workspace keeps at most ${maxPerWorkspace} canned replies. Remove one first.`,
      );
    }
  });
}
