import type { SavedViewList } from "@livechat/shared";
import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { presentSavedView, type SavedViewRow } from "./saved-views-store.ts";

/** The caller's own views and everyone's, each in their order. */
export async function listSavedViews(
  database: Database,
  userId: string,
  workspaceId: string,
): Promise<SavedViewList> {
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<SavedViewRow>`
      select * from public.saved_views where workspace_id = ${workspaceId}
      order by owner_id is null desc, position, created_at, id
    `.execute(trx);
    return { items: rows.map(presentSavedView) };
  });
}
