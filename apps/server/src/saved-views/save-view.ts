import { maxSavedViews, type SavedView, type SaveViewRequest } from "@livechat/shared";
import { sql } from "kysely";
import { DomainError } from "../errors.ts";
import type { Database } from "../platform/database.ts";
import { appendEvent } from "../realtime/event-log.ts";
import {
  cleanViewName,
  getSavedView,
  presentSavedView,
  type SavedViewRow,
} from "./saved-views-store.ts";

/**
 * Keeps a list under a name, for the caller alone or for everyone of the
 * workspace; again under the same id it changes nothing. Throws
 * `invalid_request` for one too many, `saved_view_not_found` for an id that is
 * someone else's.
 */
export async function saveView(
  database: Database,
  userId: string,
  workspaceId: string,
  { id, name, filter, isShared, position }: SaveViewRequest,
): Promise<SavedView> {
  const ownerId = isShared ? null : userId;
  return database.asMember(userId, async (trx) => {
    const { rows } = await sql<SavedViewRow>`
      with others as (
        select count(*) as total, max(position) as last from public.saved_views
        where workspace_id = ${workspaceId} and owner_id is not distinct from ${ownerId}::uuid
      )
      insert into public.saved_views (
        id, workspace_id, owner_id, created_by, name, view, sort, tag_id, assigned_to, line,
        status, is_unread, position
      )
      select
        ${id}::uuid, ${workspaceId}::uuid, ${ownerId}::uuid, ${userId}::uuid, ${cleanViewName(name)},
        ${filter.view}, ${filter.sort}, ${filter.tagId ?? null}::uuid,
        ${filter.assignedTo ?? null}::uuid, ${filter.line ?? null}, ${filter.status ?? null},
        ${filter.isUnread ?? false}::boolean,
        coalesce(${position ?? null}::integer, others.last + 1, 0)
      from others where others.total < ${maxSavedViews}
      on conflict (id) do nothing
      returning *
    `.execute(trx);
    const [row] = rows;
    if (!row) {
      const { rows: known } = await sql<{ total: number }>`
        select count(*)::integer as total from public.saved_views
        where workspace_id = ${workspaceId} and owner_id is not distinct from ${ownerId}::uuid
      `.execute(trx);
      if ((known[0]?.total ?? 0) >= maxSavedViews) {
        throw new DomainError(
          "invalid_request",
          `${isShared ? "A workspace shares" : "A person keeps"} at most ${maxSavedViews} views. Remove one first.`,
        );
      }
      return presentSavedView(await getSavedView(trx, workspaceId, id));
    }
    await appendEvent(trx, workspaceId, "saved_views_changed", { ownerId });
    return presentSavedView(row);
  });
}
