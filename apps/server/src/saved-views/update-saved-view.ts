import type { SavedView, UpdateSavedViewRequest } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  cleanViewName,
  getSavedView,
  othersView,
  presentSavedView,
  type SavedViewRow,
} from "./saved-views-store.ts";

/**
 * Gives a saved view another name or place, shares it, or takes it back for its
 * maker alone. Throws `saved_view_not_found`, `forbidden` for what another
 * saved for everyone.
 */
export async function updateSavedView(
  database: Database,
  userId: string,
  { workspaceId, savedViewId }: { workspaceId: string; savedViewId: string },
  { name, isShared, position }: UpdateSavedViewRequest,
): Promise<SavedView> {
  return database.asMember(userId, async (trx) => {
    const before = await getSavedView(trx, workspaceId, savedViewId);
    if (isShared === false && before.created_by !== userId) {
      throw new DomainError("forbidden", "Only who saved the view can take it back.");
    }
    const ownerId = isShared === undefined ? before.owner_id : isShared ? null : userId;
    const { rows } = await sql<SavedViewRow>`
      update public.saved_views set
        name = ${name === undefined ? before.name : cleanViewName(name)},
        owner_id = ${ownerId}::uuid,
        position = ${position ?? before.position}
      where workspace_id = ${workspaceId} and id = ${savedViewId}
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) throw othersView();
    await appendEvent(trx, workspaceId, "saved_views_changed", {
      // Everyone learns of what becomes shared, and of what is no longer.
      ownerId: before.owner_id === row.owner_id ? row.owner_id : null,
    });
    return presentSavedView(row);
  });
}
