import type { TagList } from "@livechat/shared";
import type { Database } from "../platform/database.ts";
import { getHead } from "../realtime/get-head.ts";
import { listTagRows } from "./tags-store.ts";

/** All tags of a workspace, and where its log stood before they were read. Throws `workspace_not_found`. */
export async function listTags(
  database: Database,
  userId: string,
  workspaceId: string,
): Promise<TagList> {
  return database.asMember(userId, async (trx) => {
    const { epoch, head } = await getHead(trx, workspaceId);
    return { epoch, asOfSeq: head, items: await listTagRows(trx, workspaceId) };
  });
}
