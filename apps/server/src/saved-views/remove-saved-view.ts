import { sql } from "kysely";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import { getSavedView, othersView } from "./saved-views-store.ts";

/**
 * Forgets a saved view; the conversations stay as they are. Throws
 * `saved_view_not_found`, `forbidden` for what another saved for everyone.
 */
export async function removeSavedView(
  database: Database,
  userId: string,
  { workspaceId, savedViewId }: { workspaceId: string; savedViewId: string },
): Promise<void> {
  await database.asMember(userId, async (trx) => {
    const { owner_id: ownerId } = await getSavedView(trx, workspaceId, savedViewId);
    const { rows } = await sql`
      delete from public.saved_views
      where workspace_id = ${workspaceId} and id = ${savedViewId}
      returning id
    `.execute(trx);
    if (rows.length === 0) throw othersView();
    await appendEvent(trx, workspaceId, "saved_views_changed", { ownerId });
  });
}
